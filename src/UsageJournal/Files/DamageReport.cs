using System.Globalization;

namespace OpenAIProxy.UsageJournal.Files;

/// <summary>What became of the records of a file.</summary>
/// <param name="Damage">What is wrong with it.</param>
/// <param name="Saved">Records that could be read.</param>
/// <param name="Lost">Records that could not.</param>
/// <param name="IsAtLeast">True if more may be lost: the file doesn't say how many there were.</param>
internal readonly record struct DamageReport(JournalDamage Damage, int Saved, int Lost, bool IsAtLeast)
{
    /// <summary>The damage in a word, for logs and metrics.</summary>
    public string Name => Damage switch
    {
        JournalDamage.Header => "header",
        JournalDamage.Records => "records",
        JournalDamage.Torn => "torn",
        JournalDamage.Empty => "empty",
        JournalDamage.Foreign => "foreign",
        _ => "none",
    };

    /// <summary>What is wrong with a file, whatever is in it; <see cref="JournalDamage.None"/> for nothing.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="isHeaderSound">True if its header can be believed.</param>
    /// <param name="isOurs">True if the rest of it shows that this is a journal's file, whatever its header says.</param>
    /// <param name="isTorn">True if it is shorter than it was.</param>
    /// <param name="lost">Records that could not be read.</param>
    public static JournalDamage Classify(ReadOnlySpan<byte> file, bool isHeaderSound, bool isOurs, bool isTorn, int lost)
    {
        if (!file.ContainsAnyExcept((byte)0))
        {
            return JournalDamage.Empty;
        }

        if (!isHeaderSound)
        {
            return isOurs ? JournalDamage.Header : JournalDamage.Foreign;
        }

        if (isTorn)
        {
            return JournalDamage.Torn;
        }

        return lost > 0 ? JournalDamage.Records : JournalDamage.None;
    }

    /// <summary>How many are lost, such as <c>at least 3</c>.</summary>
    public string LostText => (IsAtLeast ? "at least " : "") + Lost.ToString(CultureInfo.InvariantCulture);
}
