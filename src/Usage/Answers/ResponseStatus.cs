namespace OpenAIProxy.Usage.Answers;

/// <summary>How far a response, a batch or a run is.</summary>
internal enum ResponseStatus : byte
{
    /// <summary>Not said.</summary>
    None,

    /// <summary>Queued, being worked on, being cancelled: what it will use is not known yet.</summary>
    Unfinished,

    /// <summary>Ended well, or with what there was: completed, incomplete, expired.</summary>
    Ended,

    /// <summary>Ended by the caller.</summary>
    Cancelled,

    /// <summary>Ended by an error.</summary>
    Failed,
}
