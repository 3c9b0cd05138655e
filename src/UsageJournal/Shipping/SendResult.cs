namespace OpenAIProxy.UsageJournal.Shipping;

/// <summary>What became of a batch.</summary>
internal enum SendResult
{
    /// <summary>It is in the ledger.</summary>
    Taken,

    /// <summary>It never will be.</summary>
    Refused,

    /// <summary>Outcome unknown; retry.</summary>
    Failed,

    /// <summary>The billing service does not know this gateway by its token. To be sent again when that is cured.</summary>
    Unknown,
}
