namespace OpenAIProxy.Simulator.Behaviors;

/// <summary>How an answer goes wrong (<c>x-sim-fault</c>). Answers that are no streams are cut after half of their bytes.</summary>
internal enum Fault
{
    None,

    /// <summary>A TCP reset after half of the events.</summary>
    Reset,

    /// <summary>The connection ends after half of the events, without the end of the chunked body.</summary>
    Eof,

    /// <summary>Half of the events, then silence until the client leaves.</summary>
    Hang,

    /// <summary>A clean end without the terminal event.</summary>
    NoDone,

    /// <summary>An error event after half of the events, then a clean end.</summary>
    ErrorEvent,

    /// <summary>Status 200 with an error object as JSON.</summary>
    Error200,
}
