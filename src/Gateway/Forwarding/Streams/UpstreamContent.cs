using System.Net;

namespace OpenAIProxy.Gateway.Forwarding.Streams;

/// <summary>An answer's body of the upstream with a stream of ours in front of its own. It is read, never sent.</summary>
internal abstract class UpstreamContent(HttpContent upstream) : HttpContent
{
    /// <summary>What stands in front of <paramref name="stream"/>, which is the upstream's.</summary>
    protected abstract Stream Wrap(Stream stream);

    protected override Task<Stream> CreateContentReadStreamAsync()
    {
        var stream = upstream.ReadAsStreamAsync();
        return stream.IsCompletedSuccessfully ? Task.FromResult(Wrap(stream.Result)) : WrapAsync(stream);
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

    private async Task<Stream> WrapAsync(Task<Stream> stream) => Wrap(await stream);
}
