using System.Globalization;
using System.Text;

namespace OpenAIProxy.Contracts;

/// <summary>What people see instead of a key's id. Never the key.</summary>
/// <param name="Key">The <see cref="KeyId"/>'s text.</param>
/// <param name="Name">What the operator calls it; empty if it has no name.</param>
/// <param name="Ending">The key's last <see cref="EndingLength"/> characters; empty for a key of which that would tell too much.</param>
public sealed record KeyLabel(string Key, string Name, string Ending)
{
    /// <summary>Characters of a name at most.</summary>
    public const int LongestName = 64;

    /// <summary>Characters of a key that are shown.</summary>
    public const int EndingLength = 4;

    /// <summary>Characters that a key must have for its last ones to be shown: the rest still can't be guessed.</summary>
    public const int ShortestShown = 16;

    /// <summary>
    /// True for a name of 1 to 64 characters that stands in a list of keys and on a line: no spaces,
    /// separators, colons or invisible characters.
    /// </summary>
    public static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > LongestName || name.ContainsAny(":,;"))
        {
            return false;
        }

        foreach (var rune in name.EnumerateRunes())
        {
            // Half a surrogate pair comes as U+FFFD.
            if (rune.Value == 0xFFFD || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The last characters of <paramref name="key"/>; empty if it is too short, or they are no visible ASCII.</summary>
    public static ReadOnlySpan<char> EndingOf(ReadOnlySpan<char> key)
        => key.Length >= ShortestShown && IsEnding(key[^EndingLength..]) ? key[^EndingLength..] : [];

    /// <summary>True for the last characters of a key, or none.</summary>
    public static bool IsEnding(ReadOnlySpan<char> text) => text.Length is 0 or EndingLength && !text.ContainsAnyExceptInRange('!', '~');
}
