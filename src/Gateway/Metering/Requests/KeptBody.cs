using System.Buffers;
using OpenAIProxy.Gateway.Forwarding;

namespace OpenAIProxy.Gateway.Metering.Requests;

/// <summary>A small request body that was read before it is sent; its buffer goes back to the pool when it has been.</summary>
/// <param name="buffer">From the shared pool.</param>
/// <param name="length">How much of it is the body.</param>
/// <param name="call">Told when it has been sent.</param>
internal sealed class KeptBody(byte[] buffer, int length, MeteredCall call) : ReadOnlyStream
{
    private byte[]? _buffer = buffer;
    private int _given;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = Math.Min(length - _given, buffer.Length);
        if (count > 0)
        {
            _buffer.AsSpan(_given, count).CopyTo(buffer.Span);
            _given += count;
        }
        else if (!buffer.IsEmpty && _buffer is { } done)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(done);
            call.RequestIsRead();
        }

        return new(count);
    }
}
