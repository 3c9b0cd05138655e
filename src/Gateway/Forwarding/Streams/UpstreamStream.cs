namespace OpenAIProxy.Gateway.Forwarding.Streams;

/// <summary>A stream of the upstream's that is seen or changed while it passes. It owns the stream.</summary>
internal abstract class UpstreamStream(Stream upstream) : AsyncStream
{
    protected Stream Upstream => upstream;

    public override Task FlushAsync(CancellationToken cancellationToken) => upstream.FlushAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            upstream.Dispose();
        }

        base.Dispose(disposing);
    }
}
