using OpenAIProxy.Gateway.Forwarding;

namespace OpenAIProxy.Gateway.Metering.Requests;

/// <summary>A request body that is looked at while it passes to the upstream, and gets the wish for usage put in at the right place.</summary>
internal sealed class ScanStream(Stream inner, BodyScan scan, long? length, MeteredCall call) : ReadOnlyStream
{
    private BodyScan? _scan = scan;
    private ReadOnlyMemory<byte> _rest;
    private long _read;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_rest.IsEmpty)
        {
            return new(GiveRest(buffer.Span));
        }

        var read = inner.ReadAsync(buffer, cancellationToken);
        return buffer.IsEmpty ? read
            : read.IsCompletedSuccessfully ? new(Look(buffer.Span, read.Result))
            : AwaitAsync(read, buffer);
    }

    private async ValueTask<int> AwaitAsync(ValueTask<int> read, Memory<byte> buffer)
    {
        var count = await read;
        return Look(buffer.Span, count);
    }

    private int Look(Span<byte> buffer, int count)
    {
        var passed = count == 0 ? 0 : Scan(buffer, count);
        _read += count;
        if (count == 0 || _read == length)
        {
            call.RequestIsRead();
        }

        return passed;
    }

    private int Scan(Span<byte> buffer, int count)
    {
        if (_scan is null)
        {
            return count;
        }

        try
        {
            var used = _scan.Scan(buffer[..count], out var insert);
            if (insert.IsEmpty)
            {
                return count;
            }

            _rest = Splice(buffer[used..count], insert);
            return used > 0 ? used : GiveRest(buffer);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _scan = null;
            call.GiveUp(e);
            return count;
        }
    }

    private byte[] Splice(ReadOnlySpan<byte> after, ReadOnlySpan<byte> insert)
    {
        byte[] joined = [];
        while (true)
        {
            var used = 0;
            var next = ReadOnlySpan<byte>.Empty;
            if (!after.IsEmpty)
            {
                used = _scan!.Scan(after, out next);
            }

            joined = [.. joined, .. insert, .. after[..used]];
            if (next.IsEmpty)
            {
                return joined;
            }

            after = after[used..];
            insert = next;
        }
    }

    private int GiveRest(Span<byte> buffer)
    {
        var given = Math.Min(_rest.Length, buffer.Length);
        _rest.Span[..given].CopyTo(buffer);
        _rest = _rest[given..];
        return given;
    }
}
