using System.Runtime.CompilerServices;
using OpenAIProxy.Gateway.Forwarding.Streams;
using OpenAIProxy.Gateway.Forwarding.Timing;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>
/// The upstream's body on its way to the client. If the first byte is not there yet, the head goes out alone, so that the client knows it
/// was heard. If it is there, head and body leave in one packet. While it waits, a stream of events may be kept alive.
/// </summary>
internal sealed class AnswerStream(Stream upstream, HttpResponse response, PhaseTimer timer, KeepAlive? keepAlive) : UpstreamStream(upstream)
{
    private bool _headSent;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        timer.Progress();
        if (keepAlive is not null && !buffer.IsEmpty)
        {
            // The forwarder asks first with an empty buffer, and waits there.
            var forbidden = keepAlive.ForbidAsync(cancellationToken);
            if (!forbidden.IsCompletedSuccessfully)
            {
                return ReadAfterAsync(forbidden, buffer, cancellationToken);
            }
        }

        var read = Upstream.ReadAsync(buffer, cancellationToken);
        if (!_headSent && !read.IsCompleted)
        {
            return SendHeadThenAwait(read, buffer, cancellationToken);
        }

        // Only real bytes take the head with them.
        _headSent |= !buffer.IsEmpty;
        if (keepAlive is null || read.IsCompleted)
        {
            return keepAlive is not null && read.IsCompletedSuccessfully ? new(See(buffer, read.Result)) : read;
        }

        keepAlive.Allow();
        return buffer.IsEmpty ? read : AwaitAsync(read, buffer, cancellationToken);
    }

    private async ValueTask<int> SendHeadThenAwait(ValueTask<int> read, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _headSent = true;
        await response.Body.FlushAsync(cancellationToken);
        keepAlive?.Allow();
        return buffer.IsEmpty ? await read : await AwaitAsync(read, buffer, cancellationToken);
    }

    private async ValueTask<int> ReadAfterAsync(ValueTask forbidden, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await forbidden;
        return await ReadAsync(buffer, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AwaitAsync(ValueTask<int> read, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = await read;
        if (keepAlive is not null)
        {
            await keepAlive.ForbidAsync(cancellationToken);
        }

        return See(buffer, count);
    }

    private int See(Memory<byte> buffer, int count)
    {
        timer.Progress();
        keepAlive?.Passed(buffer.Span[..count]);
        return count;
    }
}
