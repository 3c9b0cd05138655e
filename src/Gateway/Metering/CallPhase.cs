namespace OpenAIProxy.Gateway.Metering;

/// <summary>How far a call is in the journal. It only moves on, never back.</summary>
internal enum CallPhase
{
    /// <summary>Nothing is written yet: what is never sent is no call.</summary>
    New,

    /// <summary>A thread writes down that it begins.</summary>
    Beginning,

    /// <summary>It has begun.</summary>
    Open,

    /// <summary>Its client has left, and a drain goes on with the answer.</summary>
    Drained,

    /// <summary>Its record is written, or being written.</summary>
    Over,
}
