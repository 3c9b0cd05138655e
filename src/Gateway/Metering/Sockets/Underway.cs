using OpenAIProxy.Gateway.Metering.Answers;

namespace OpenAIProxy.Gateway.Metering.Sockets;

/// <summary>A response that has begun and not ended.</summary>
/// <param name="Id">A hash of its id; 0 if it has none.</param>
/// <param name="Lane">A hash of its lane's name; 0 if it has none.</param>
/// <param name="Reading">What is known of it.</param>
/// <param name="Input">Tokens; an estimate of the input.</param>
/// <param name="At">When it was asked for, as a timestamp of the clock.</param>
/// <param name="Options">What its request says of its charge.</param>
internal sealed record Underway(ulong Id, ulong Lane, ResponseReading Reading, int Input, long At, ResponseOptions Options)
{
    /// <summary>Tokens; what passed of its output.</summary>
    public long Output { get; set; }
}
