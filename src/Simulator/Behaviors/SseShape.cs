namespace OpenAIProxy.Simulator.Behaviors;

/// <summary>Unusual but allowed forms of an event stream (<c>x-sim-sse</c>).</summary>
[Flags]
internal enum SseShape
{
    None = 0,
    Crlf = 1,
    Cr = 2,

    /// <summary>The last event is not closed by a blank line.</summary>
    NoFinalBlank = 4,

    /// <summary>A comment between any two events.</summary>
    Comments = 8,

    /// <summary>Writes are cut inside of each 4-byte character, in turn after its first, second and third byte.</summary>
    SplitUtf8 = 16,

    /// <summary>Each byte is flushed by itself.</summary>
    OneByte = 32,

    /// <summary>One more event, whose only line is very long.</summary>
    HugeLine = 64,
}
