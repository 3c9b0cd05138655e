using OpenAIProxy.Gateway.Forwarding.Streams;
using OpenAIProxy.Gateway.Forwarding.Timing;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>
/// The two-way connection behind a 101, with what watches it between the upstream and the forwarder that copies both directions: the idle
/// timer, and who observes the call.
/// </summary>
internal sealed class SocketContent(HttpContent upstream, PhaseTimer timer, CallObserver call) : UpstreamContent(upstream)
{
    protected override Stream Wrap(Stream stream)
    {
        var socket = new ClosableSocket(call.TapSocket(stream), timer);
        timer.CloseOnIdle(socket);
        return socket;
    }
}
