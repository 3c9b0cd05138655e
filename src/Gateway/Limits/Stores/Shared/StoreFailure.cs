namespace OpenAIProxy.Gateway.Limits.Stores.Shared;

/// <summary>What limits do while Redis is away.</summary>
internal enum StoreFailure
{
    /// <summary>Each gateway enforces its share of every limit.</summary>
    Local,

    /// <summary>Nothing is refused.</summary>
    Open,

    /// <summary>All calls that have a limit are refused.</summary>
    Closed,
}
