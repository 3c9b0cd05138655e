using System.Runtime.CompilerServices;
using OpenAIProxy.Gateway.Forwarding.Streams;

namespace OpenAIProxy.Gateway.ChatLog;

/// <summary>The upstream's body, of which its call keeps a copy.</summary>
internal sealed class LoggedStream(Stream upstream, LoggedCall call) : UpstreamStream(upstream)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = Upstream.ReadAsync(buffer, cancellationToken);
        return read.IsCompletedSuccessfully ? new(See(buffer.Span, read.Result)) : AwaitAsync(read, buffer);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AwaitAsync(ValueTask<int> read, Memory<byte> buffer)
    {
        try
        {
            var count = await read;
            return See(buffer.Span, count);
        }
        catch
        {
            call.AnswerBroke();
            throw;
        }
    }

    private int See(Span<byte> buffer, int count)
    {
        // With an empty buffer the forwarder only waits.
        if (!buffer.IsEmpty)
        {
            call.Passed(buffer[..count]);
        }

        return count;
    }
}
