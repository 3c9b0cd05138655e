using OpenAIProxy.Gateway.Forwarding.Streams;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Sockets;

namespace OpenAIProxy.Gateway.Metering;

/// <summary>The upstream connection of an open WebSocket. Watches what is read, for the client, and what is written, from the client.</summary>
internal sealed class SocketTap(Stream upstream, SocketMeter meter, MeteredCall call) : UpstreamStream(upstream)
{
    private readonly FrameScan _fromServer = new(meter, fromClient: false);
    private readonly FrameScan _fromClient = new(meter, fromClient: true);
    private volatile bool _isBlind;

    /// <summary>Null if the session can't be watched.</summary>
    public static SocketTap? Of(MeteredCall call, Stream upstream)
    {
        try
        {
            return new SocketTap(upstream, SocketMeter.Create(call.Endpoint.Kind, call.Facts, call.Meters.Time, call.WriteResponse), call);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            call.GiveUp(e);
            return null;
        }
    }

    public override bool CanWrite => true;

    /// <summary>What the session used that was not told yet; null if that can't be known.</summary>
    public AnswerUsage? Finish()
    {
        try
        {
            return meter.Finish();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            call.GiveUp(e);
            return null;
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = Upstream.ReadAsync(buffer, cancellationToken);
        if (buffer.IsEmpty)
        {
            return read;
        }

        return read.IsCompletedSuccessfully ? new(See(buffer.Span, read.Result)) : AwaitAsync(read, buffer);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Scan(_fromClient, buffer.Span);
        return Upstream.WriteAsync(buffer, cancellationToken);
    }

    private async ValueTask<int> AwaitAsync(ValueTask<int> read, Memory<byte> buffer)
    {
        var count = await read;
        return See(buffer.Span, count);
    }

    private int See(Span<byte> buffer, int count)
    {
        Scan(_fromServer, buffer[..count]);
        return count;
    }

    private void Scan(FrameScan frames, ReadOnlySpan<byte> bytes)
    {
        if (_isBlind)
        {
            return;
        }

        try
        {
            frames.Scan(bytes);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _isBlind = true;
            call.GiveUp(e);
        }
    }
}
