using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Gateway.Forwarding.Sockets;
using OpenAIProxy.Gateway.Forwarding.Streams;
using OpenAIProxy.Gateway.Forwarding.Timing;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>
/// The two-way connection behind a 101, with what watches it between the upstream and the forwarder that copies both directions: the idle
/// timer, who judges the client's messages, and who observes the call.
/// </summary>
internal sealed class SocketContent(HttpContent upstream, PhaseTimer timer, CallObserver call, BodyMemory memory) : UpstreamContent(upstream)
{
    protected override Stream Wrap(Stream stream)
    {
        var tapped = call.TapSocket(stream);
        var judge = call.JudgeMessages();
        var socket = new ClosableSocket(judge is null ? tapped : new GatedSocket(tapped, judge, memory), timer);
        timer.CloseOnIdle(socket);
        return socket;
    }
}
