using System.Runtime.ExceptionServices;
using OpenAIProxy.Gateway.Forwarding.Streams;
using OpenAIProxy.Usage.IncludeUsage;

namespace OpenAIProxy.Gateway.Metering;

/// <summary>The upstream's body, which its call sees passing, and which loses the chunk that only the gateway asked for.</summary>
/// <param name="upstream">The body.</param>
/// <param name="call">Who sees it.</param>
/// <param name="filter">Takes the chunk out; null if none was asked for.</param>
internal sealed class TapStream(Stream upstream, MeteredCall call, UsageChunkFilter? filter) : UpstreamStream(upstream)
{
    private ExceptionDispatchInfo? _failure;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            // With bytes that wait, a failure must come behind them, so it may not show up here.
            return filter is { Held: > 0 } ? default : Upstream.ReadAsync(buffer, cancellationToken);
        }

        if (filter is not null)
        {
            return ReadWithoutExtra(buffer, cancellationToken);
        }

        var read = Upstream.ReadAsync(buffer, cancellationToken);
        return read.IsCompletedSuccessfully ? new(See(buffer.Span, read.Result)) : AwaitAsync(read, buffer);
    }

    private int See(Span<byte> buffer, int count)
    {
        call.Passed(buffer[..count]);
        return count;
    }

    private async ValueTask<int> AwaitAsync(ValueTask<int> read, Memory<byte> buffer)
    {
        var count = await read;
        return See(buffer.Span, count);
    }

    private ValueTask<int> ReadWithoutExtra(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _failure?.Throw();
        var held = filter!.Held;
        if (held >= buffer.Length)
        {
            return new(filter.Release(buffer.Span));
        }

        var read = Upstream.ReadAsync(buffer[held..], cancellationToken);
        if (!read.IsCompletedSuccessfully)
        {
            return AwaitWithoutExtraAsync(read, buffer, cancellationToken);
        }

        var count = read.Result;
        var passed = Filter(buffer.Span, held, count);
        return passed > 0 || count == 0 ? new(passed) : AwaitWithoutExtraAsync(new(-1), buffer, cancellationToken);
    }

    private async ValueTask<int> AwaitWithoutExtraAsync(ValueTask<int> read, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var count = await read;
                var passed = count < 0 ? 0 : Filter(buffer.Span, filter!.Held, count);
                if (passed > 0 || count == 0)
                {
                    return passed;
                }

                if (filter!.Held >= buffer.Length)
                {
                    return filter.Release(buffer.Span);
                }

                read = Upstream.ReadAsync(buffer[filter.Held..], cancellationToken);
            }
            catch (Exception e) when (filter!.Held > 0)
            {
                // The client gets what came before the failure, as it would have without us.
                _failure = ExceptionDispatchInfo.Capture(e);
                var released = filter.Release(buffer.Span);
                if (released == 0)
                {
                    throw;
                }

                return released;
            }
        }
    }

    private int Filter(Span<byte> buffer, int held, int count)
    {
        call.Passed(buffer.Slice(held, count));
        if (count == 0)
        {
            return filter!.Release(buffer);
        }

        filter!.Restore(buffer);
        return filter.Filter(buffer[..(held + count)]);
    }
}
