using System.Globalization;
using System.Text;

namespace OpenAIProxy.BillingService.Accounts;

/// <summary>Compares the owner of a key with an e-mail.</summary>
internal static class OwnerName
{
    private const int LongestEmail = 254;

    /// <summary>True if <paramref name="owner"/> is this e-mail, whatever its case.</summary>
    public static bool Matches(string owner, string email)
    {
        // Case of ASCII alone: other letters have pairs that count as the same, and an e-mail proves who somebody is.
        var text = owner.Trim();
        return text.Length > 0 && (text.Equals(email, StringComparison.Ordinal) || Ascii.EqualsIgnoreCase(text, email));
    }

    /// <summary>True for what can be an e-mail, and can stand in a cookie, on a page and in the audit.</summary>
    public static bool IsEmail(string text)
        => text.Length <= LongestEmail && text.IndexOf('@', StringComparison.Ordinal) > 0 && !text.Any(IsInvisible);

    // Signs that turn the direction of what follows, too: the audit must read as it is.
    private static bool IsInvisible(char c)
        => char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format;
}
