namespace OpenAIProxy.Gateway.Metering.Shipping;

/// <summary>What became of a batch.</summary>
internal enum SendResult
{
    /// <summary>It is in the ledger.</summary>
    Taken,

    /// <summary>It never will be.</summary>
    Refused,

    /// <summary>Nobody knows; it is to be sent again.</summary>
    Failed,
}
