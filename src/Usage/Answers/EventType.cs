namespace OpenAIProxy.Usage.Answers;

/// <summary>What an event of a stream or socket means for the usage.</summary>
internal enum EventType : byte
{
    /// <summary>Nothing.</summary>
    Other,

    /// <summary>Text that was written.</summary>
    Delta,

    /// <summary>A summary of what was thought.</summary>
    Thought,

    /// <summary>Sound, in base64: no text.</summary>
    Audio,

    /// <summary>The call, or the response, has failed.</summary>
    Error,

    /// <summary>A client asks for a response.</summary>
    Create,

    /// <summary>A response has begun.</summary>
    Created,

    /// <summary>A response has ended.</summary>
    Terminal,

    /// <summary>An item of a response is complete.</summary>
    ItemDone,

    /// <summary>What was heard has been written down.</summary>
    Transcribed,

    /// <summary>All has been spoken.</summary>
    Spoken,

    /// <summary>An image is complete.</summary>
    ImageMade,

    /// <summary>A session has begun.</summary>
    SessionCreated,

    /// <summary>What a session has used since its beginning.</summary>
    SessionUsage,

    /// <summary>A session has ended.</summary>
    SessionClosed,
}
