using OpenAIProxy.Gateway.Forwarding.Streams;

namespace OpenAIProxy.Gateway.Metering.Draining;

/// <summary>The upstream's body, which goes on without its client: what waits for the next byte isn't cancelled, but left to the drain.</summary>
internal sealed class DrainableStream(Stream upstream, IDrainable call, Drains drains, CancellationToken clientLeft) : AsyncStream
{
    private Task<int>? _waiting;
    private bool _isOver;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!buffer.IsEmpty)
        {
            // The forwarder has waited for a byte before, so this hardly ever waits. Its buffer is the forwarder's, and can't be left to anybody.
            return upstream.ReadAsync(buffer, cancellationToken);
        }

        var read = upstream.ReadAsync(buffer, CancellationToken.None);
        if (read.IsCompleted)
        {
            return read;
        }

        _waiting = read.AsTask();
        return new(_waiting.WaitAsync(cancellationToken));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isOver)
        {
            _isOver = true;
            if (clientLeft.IsCancellationRequested && !call.IsOver)
            {
                drains.Begin(upstream, _waiting, call);
            }
            else
            {
                upstream.Dispose();
            }
        }

        base.Dispose(disposing);
    }
}
