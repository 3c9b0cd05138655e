namespace OpenAIProxy.Contracts;

/// <summary>
/// What is counted. The number is the kind's bit in the journal's records and its place in the ledger's tables: it stays, and new kinds come last.
/// A new kind is this, its row in the table of counters of the ledger, its property in <see cref="UsageCounts"/> and its column by a migration of the ledger.
/// </summary>
public enum CountKind
{
    /// <summary>Calls.</summary>
    Requests,
    /// <summary>Calls that failed: a status of 400 or more, or an error inside a 200.</summary>
    Errors,
    /// <summary>Calls whose answer did not reach its end: the client left, upstream broke off, or the gateway was killed.</summary>
    Cut,
    /// <summary>All input tokens.</summary>
    Input,
    /// <summary>Input tokens read from the cache.</summary>
    CachedInput,
    /// <summary>Input tokens written to the cache, for however long.</summary>
    CacheWrite,
    /// <summary>Audio input tokens.</summary>
    AudioInput,
    /// <summary>Audio input tokens read from the cache.</summary>
    CachedAudioInput,
    /// <summary>Image input tokens.</summary>
    ImageInput,
    /// <summary>Image input tokens read from the cache.</summary>
    CachedImageInput,
    /// <summary>All output tokens.</summary>
    Output,
    /// <summary>Output tokens that were thought, not said.</summary>
    ReasoningOutput,
    /// <summary>Audio output tokens.</summary>
    AudioOutput,
    /// <summary>Image output tokens.</summary>
    ImageOutput,
    /// <summary>How much of a unit that is not tokens.</summary>
    Quantity,
    /// <summary>Input tokens written to the cache for 12 hours; the other writes live for 30 minutes.</summary>
    CacheWrite12h,
}
