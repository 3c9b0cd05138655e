namespace OpenAIProxy.Gateway.Limits.Stores;

/// <summary>How a <see cref="Counter"/> forgets.</summary>
internal enum CounterKind
{
    /// <summary>An amount in any time of one length.</summary>
    Sliding,

    /// <summary>What is in progress at the same time.</summary>
    Concurrency,

    /// <summary>An amount in a calendar period, in which what is reserved is kept apart from what is spent.</summary>
    Period,
}
