using System.Net;
using OpenAIProxy.Gateway.Forwarding.Timing;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>
/// The two-way connection behind a 101, with what watches it between the upstream and the forwarder that copies both directions: the idle
/// timer, and who observes the call.
/// </summary>
internal sealed class SocketContent(HttpContent upstream, PhaseTimer timer, CallObserver call) : HttpContent
{
    protected override async Task<Stream> CreateContentReadStreamAsync()
    {
        var stream = await upstream.ReadAsStreamAsync();
        var socket = new ClosableSocket(call.TapSocket(stream), timer);
        timer.CloseBy(socket);
        return socket;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException();

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            upstream.Dispose();
        }

        base.Dispose(disposing);
    }
}
