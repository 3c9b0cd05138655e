using System.Net;
using OpenAIProxy.Gateway.Metering;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>The two-way connection behind a 101, with the meter between the upstream and the forwarder that copies both directions.</summary>
internal sealed class SocketContent(HttpContent upstream, MeteredCall call) : HttpContent
{
    protected override async Task<Stream> CreateContentReadStreamAsync() => call.TapSocket(await upstream.ReadAsStreamAsync());

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
