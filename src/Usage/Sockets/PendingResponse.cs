using OpenAIProxy.Usage.Answers;

namespace OpenAIProxy.Usage.Sockets;

/// <summary>A response that a client has asked for over a socket.</summary>
/// <param name="Lane">A hash of the lane's name; 0 for a socket without lanes.</param>
/// <param name="Model">The model asked for; empty if none was named.</param>
/// <param name="Input">Tokens; an estimate of the input.</param>
/// <param name="At">When, as a timestamp of the clock.</param>
/// <param name="Options">What it will be charged by besides its usage.</param>
internal sealed record PendingResponse(ulong Lane, string Model, int Input, long At, ResponseOptions Options);
