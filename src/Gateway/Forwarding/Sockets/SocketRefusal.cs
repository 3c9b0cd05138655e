using OpenAIProxy.Gateway.Access;

namespace OpenAIProxy.Gateway.Forwarding.Sockets;

/// <summary>Why a message of a client goes no further.</summary>
/// <param name="Reason">The status, the code and the text that the client is told.</param>
/// <param name="RetryAfter">After what time the client may send it again; null if it should not.</param>
internal sealed record SocketRefusal(Refusal Reason, TimeSpan? RetryAfter = null);
