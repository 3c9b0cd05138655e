using System.Globalization;

namespace OpenAIProxy.UsageJournal;

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

    /// <summary>How many are lost, such as <c>at least 3</c>.</summary>
    public string LostText => (IsAtLeast ? "at least " : "") + Lost.ToString(CultureInfo.InvariantCulture);
}
