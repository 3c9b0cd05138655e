namespace OpenAIProxy.UsageJournal.Files;

/// <summary>What is wrong with a file of the journal.</summary>
internal enum JournalDamage
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its header, by which its records are recognized.</summary>
    Header,

    /// <summary>Some of its records, or of its open calls.</summary>
    Records,

    /// <summary>It is shorter than it was.</summary>
    Torn,

    /// <summary>It holds nothing, where something was written.</summary>
    Empty,

    /// <summary>It is something else, or of another release.</summary>
    Foreign,
}
