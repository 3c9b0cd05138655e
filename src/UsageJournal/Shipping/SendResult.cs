namespace OpenAIProxy.UsageJournal.Shipping;

/// <summary>What became of a batch.</summary>
internal enum SendResult
{
    /// <summary>It is in the ledger.</summary>
    Taken,

    /// <summary>The billing service refused it for good: not to be sent again.</summary>
    Refused,

    /// <summary>Outcome unknown; retry.</summary>
    Failed,

    /// <summary>The billing service rejects this gateway's token. Retry until an operator has cured it.</summary>
    Unauthorized,
}
