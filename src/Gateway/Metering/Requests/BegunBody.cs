using System.Runtime.ExceptionServices;
using OpenAIProxy.Gateway.Forwarding;

namespace OpenAIProxy.Gateway.Metering.Requests;

/// <summary>A request body of which a part was read already: that part, then what is being read, then the rest.</summary>
/// <param name="begun">What was read; it is not from a pool, for a read into it may still be under way.</param>
/// <param name="pending">The read under way, into <paramref name="begun"/> at <paramref name="count"/>; null if it failed.</param>
/// <param name="count">How much was read before.</param>
/// <param name="failure">How reading failed; thrown where it belongs, behind what came before.</param>
/// <param name="inner">The rest.</param>
internal sealed class BegunBody(byte[] begun, int count, Task<int>? pending, Exception? failure, Stream inner) : ReadOnlyStream
{
    private int _given;
    private int _count = count;
    private Task<int>? _pending = pending;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_given < _count)
        {
            return new(Give(buffer.Span));
        }

        if (_pending is not null)
        {
            return AwaitAsync(buffer, cancellationToken);
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return inner.ReadAsync(buffer, cancellationToken);
    }

    private async ValueTask<int> AwaitAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await _pending!.WaitAsync(cancellationToken);
        if (buffer.IsEmpty)
        {
            return 0;
        }

        _pending = null;
        _count += read;
        return read == 0 ? 0 : Give(buffer.Span);
    }

    private int Give(Span<byte> buffer)
    {
        var given = Math.Min(_count - _given, buffer.Length);
        begun.AsSpan(_given, given).CopyTo(buffer);
        _given += given;
        return given;
    }
}
