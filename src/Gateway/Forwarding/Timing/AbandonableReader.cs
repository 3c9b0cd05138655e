using System.Buffers;
using System.Runtime.CompilerServices;

namespace OpenAIProxy.Gateway.Forwarding.Timing;

/// <summary>
/// Reads a stream so that a wait can be given up without closing it. A read in progress keeps its buffer until it ends, so it gets one of this
/// reader's, and what comes later is handed out by the next read. One read at a time.
/// </summary>
internal sealed class AbandonableReader(Stream stream)
{
    private Task<int>? _pending;
    private byte[] _buffer = [];
    private int _from;
    private int _left;

    /// <summary>The number of bytes read, 0 at the end of the stream or for an empty <paramref name="buffer"/> once there is something to read.</summary>
    /// <returns>Null if <paramref name="abandon"/> ended first.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int?> TryReadAsync(Memory<byte> buffer, Task? abandon, CancellationToken cancellationToken)
    {
        while (_left == 0)
        {
            if (_pending is null)
            {
                if (!buffer.IsEmpty)
                {
                    _buffer = ArrayPool<byte>.Shared.Rent(buffer.Length);
                }

                var read = stream.ReadAsync(_buffer, cancellationToken);
                if (read.IsCompletedSuccessfully)
                {
                    _left = read.Result;
                    break;
                }

                _pending = read.AsTask();
            }

            if (abandon is null)
            {
                await _pending.WaitAsync(cancellationToken);
            }
            else if (await Task.WhenAny(_pending, abandon) != _pending && !_pending.IsCompleted)
            {
                return null;
            }

            // An empty read only waits for data, or for less: it may end with nothing there to read.
            var wasAWait = _buffer.Length == 0 && !buffer.IsEmpty;
            _left = await _pending;
            _pending = null;
            if (!wasAWait)
            {
                break;
            }
        }

        return Take(buffer.Span);
    }

    private int Take(Span<byte> buffer)
    {
        var count = Math.Min(_left, buffer.Length);
        _buffer.AsSpan(_from, count).CopyTo(buffer);
        _from += count;
        _left -= count;
        if (_left == 0 && _buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _from = 0;
        }

        return count;
    }
}
