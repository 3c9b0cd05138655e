using System.IO.Pipelines;

namespace OpenAIProxy.Standalone.Transport;

/// <summary>The client's end of a connection as the stream that <see cref="SocketsHttpHandler"/> wants.</summary>
/// <param name="input">What the server writes.</param>
/// <param name="output">What the server reads.</param>
/// <param name="closed">Called when the client has closed its end.</param>
internal sealed class DialedStream(PipeReader input, PipeWriter output, Action closed) : Stream
{
    private readonly Stream _input = input.AsStream();
    private readonly Stream _output = output.AsStream();
    private int _isDisposed;
    private volatile bool _isBroken;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Has this and every later read fail.</summary>
    public void Break()
    {
        _isBroken = true;
        input.CancelPendingRead();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfBroken();
        try
        {
            var count = await _input.ReadAsync(buffer, cancellationToken);
            // Kestrel completes its end after it has aborted the connection.
            if (count == 0)
            {
                ThrowIfBroken();
            }

            return count;
        }
        catch (OperationCanceledException) when (_isBroken && !cancellationToken.IsCancellationRequested)
        {
            throw Broken();
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => _output.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

    public override void Flush()
    {
        // Each write is handed over at once.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Only asynchronous reads.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Only asynchronous writes.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            // A read may be waiting, in a query that was cancelled.
            input.CancelPendingRead();
            output.Complete();
            input.Complete();
            closed();
        }

        base.Dispose(disposing);
    }

    private static IOException Broken() => new("The billing service of this process broke the connection.");

    private void ThrowIfBroken()
    {
        if (_isBroken)
        {
            throw Broken();
        }
    }
}
