using System.Runtime.CompilerServices;
using OpenAIProxy.Gateway.Forwarding.Streams;

namespace OpenAIProxy.Gateway.Forwarding.Timing;

/// <summary>
/// The connection to the upstream behind a WebSocket: what is read goes to the client, what is written came from it. If it is idle for too
/// long, each side gets a Close frame, where one may stand; what they send after that is dropped.
/// </summary>
internal sealed class ClosableSocket(Stream upstream, PhaseTimer timer) : UpstreamStream(upstream)
{
    /// <summary>"Going away" (RFC 6455, section 7.4.1).</summary>
    private const ushort GoingAway = 1001;

    private const int Free = 0;
    private const int Writing = 1;
    private const int WritingLast = 2;
    private const int Closed = 3;

    private readonly AbandonableReader _reader = new(upstream);
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FrameCursor _toClient;
    private FrameCursor _toUpstream;
    private byte[]? _close;
    private bool _hasClosed;
    private int _writing;

    public override bool CanWrite => true;

    /// <summary>Closes both directions. Called once.</summary>
    public void CloseIdle()
    {
        int before;
        do
        {
            before = Volatile.Read(ref _writing);
        }
        while (Interlocked.CompareExchange(ref _writing, before == Free ? Closed : WritingLast, before) != before);

        // What is being written is written first.
        if (before == Free)
        {
            _ = SendCloseAsync();
        }

        Volatile.Write(ref _close, FrameCursor.Close(GoingAway, isClient: false));
        _closing.TrySetResult();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        timer.Progress();
        while (true)
        {
            var close = Volatile.Read(ref _close);
            if (close is not null && !_hasClosed && _toClient.IsBetweenFrames)
            {
                if (buffer.IsEmpty)
                {
                    // There is something to read now.
                    return 0;
                }

                _hasClosed = true;
                close.CopyTo(buffer);
                return close.Length;
            }

            var count = await _reader.TryReadAsync(buffer, close is null ? _closing.Task : null, cancellationToken);
            if (count is { } read && (read == 0 || !_hasClosed))
            {
                return See(buffer.Span, read);
            }
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        timer.Progress();
        if (Interlocked.CompareExchange(ref _writing, Writing, Free) != Free)
        {
            return default;
        }

        _toUpstream.Advance(buffer.Span);
        var write = Upstream.WriteAsync(buffer, cancellationToken);
        if (!write.IsCompletedSuccessfully)
        {
            return AwaitAsync(write);
        }

        Written();
        return default;
    }

    private async ValueTask AwaitAsync(ValueTask write)
    {
        try
        {
            await write;
        }
        finally
        {
            Written();
        }
    }

    private void Written()
    {
        if (Interlocked.CompareExchange(ref _writing, Free, Writing) == WritingLast)
        {
            Volatile.Write(ref _writing, Closed);
            _ = SendCloseAsync();
        }
    }

    // Within a frame there is no place for it: the side is cut.
    private async Task SendCloseAsync()
    {
        if (!_toUpstream.IsBetweenFrames)
        {
            return;
        }

        try
        {
            await Upstream.WriteAsync(FrameCursor.Close(GoingAway, isClient: true));
            await Upstream.FlushAsync();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It is gone already.
        }
    }

    private int See(Span<byte> buffer, int count)
    {
        timer.Progress();
        _toClient.Advance(buffer[..count]);
        return count;
    }
}
