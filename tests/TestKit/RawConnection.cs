using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OpenAIProxy.TestKit;

/// <summary>
/// One end of a TCP connection: exact bytes out, exact bytes in. Used on both sides of the gateway; every wait is guarded against hanging.
/// </summary>
public sealed class RawConnection : IAsyncDisposable
{
    private readonly Socket _socket;
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    internal RawConnection(Socket socket)
    {
        _socket = socket;
        socket.NoDelay = true;
    }

    /// <summary>Connects to an address, over TCP only, whatever its scheme.</summary>
    public static async Task<RawConnection> ConnectAsync(Uri address, int? receiveBufferBytes = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        if (receiveBufferBytes is { } bytes)
        {
            socket.ReceiveBufferSize = bytes;
        }

        await socket.ConnectAsync(address.DnsSafeHost, address.Port).Guarded();
        return new RawConnection(socket);
    }

    /// <summary>Sends text as Latin-1.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends bytes.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes).Guarded()..];
        }
    }

    /// <summary>Sends one chunk of a chunked body; an empty one ends it.</summary>
    public Task SendChunkAsync(ReadOnlyMemory<byte> data)
        => SendAsync((byte[])[.. Encoding.ASCII.GetBytes($"{data.Length:x}\r\n"), .. data.Span, .. "\r\n"u8]);

    /// <inheritdoc cref="SendChunkAsync(ReadOnlyMemory{byte})"/>
    public Task SendChunkAsync(string text) => SendChunkAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads a head up to its empty line.</summary>
    /// <exception cref="EndOfStreamException">The connection ended before that.</exception>
    public async Task<RawHead> ReadHeadAsync()
    {
        int length;
        while ((length = _buffer.AsSpan(_start.._end).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await FillOrThrowAsync();
        }

        return new RawHead(Take(length + 4));
    }

    /// <summary>Reads a request or response with its body. A response to HEAD has none, whatever its head says.</summary>
    public async Task<RawMessage> ReadMessageAsync(bool noBody = false)
    {
        var head = await ReadHeadAsync();
        return noBody ? new RawMessage(head, [], [], RawEnd.Complete) : await ReadBodyAsync(head);
    }

    /// <summary>Reads the body that <paramref name="head"/> announces, to its end or to where it breaks off.</summary>
    public async Task<RawMessage> ReadBodyAsync(RawHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        using var body = new MemoryStream();
        var trailers = new List<string>();
        try
        {
            if (head["Transfer-Encoding"] is not null)
            {
                await ReadChunksAsync(body, trailers);
            }
            else if (head["Content-Length"] is { } length)
            {
                await CopyAsync(body, long.Parse(length, CultureInfo.InvariantCulture));
            }
            else if (head.StartLine.StartsWith("HTTP/", StringComparison.Ordinal) && head.Status is >= 200 and not (204 or 304))
            {
                while (_end > _start || await FillAsync())
                {
                    body.Write(Take(_end - _start));
                }
            }
        }
        catch (EndOfStreamException)
        {
            return new RawMessage(head, body.ToArray(), trailers, RawEnd.Closed);
        }
        catch (SocketException)
        {
            return new RawMessage(head, body.ToArray(), trailers, RawEnd.Reset);
        }

        return new RawMessage(head, body.ToArray(), trailers, RawEnd.Complete);
    }

    /// <summary>Reads one chunk of a chunked body; empty at its end.</summary>
    public async Task<byte[]> ReadChunkAsync()
    {
        var size = int.Parse(await ReadLineAsync(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var chunk = await ReadExactlyAsync(size);
        if (size > 0)
        {
            await ReadExactlyAsync(2);
        }

        return chunk;
    }

    /// <summary>Reads that many bytes.</summary>
    /// <exception cref="EndOfStreamException">The connection ended before that.</exception>
    public async Task<byte[]> ReadExactlyAsync(int count)
    {
        while (_end - _start < count)
        {
            await FillOrThrowAsync();
        }

        return Take(count);
    }

    /// <summary>Reads what has been received, or what the next receive brings.</summary>
    /// <exception cref="EndOfStreamException">The connection ended before that.</exception>
    public async Task<byte[]> ReadSomeAsync()
    {
        if (_end == _start)
        {
            await FillOrThrowAsync();
        }

        return Take(_end - _start);
    }

    /// <summary>Reads up to and with the next line end, and returns the line without it.</summary>
    public async Task<string> ReadLineAsync()
    {
        int length;
        while ((length = _buffer.AsSpan(_start.._end).IndexOf("\r\n"u8)) < 0)
        {
            await FillOrThrowAsync();
        }

        return Encoding.Latin1.GetString(Take(length + 2))[..^2];
    }

    /// <summary>Reads everything until the other side closes or resets.</summary>
    public async Task<byte[]> ReadRestAsync()
    {
        try
        {
            while (await FillAsync())
            {
            }
        }
        catch (SocketException)
        {
            // A reset is an end, too.
        }

        return Take(_end - _start);
    }

    /// <summary>Reads and forgets everything until the other side closes or resets.</summary>
    public async Task<RawEnd> WaitForEndAsync()
    {
        try
        {
            do
            {
                _start = _end;
            }
            while (await FillAsync());
            return RawEnd.Closed;
        }
        catch (SocketException)
        {
            return RawEnd.Reset;
        }
    }

    /// <summary>Says that nothing more will be sent; reading goes on.</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection with a TCP reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ReadChunksAsync(MemoryStream body, List<string> trailers)
    {
        int size;
        while ((size = int.Parse((await ReadLineAsync()).Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture)) > 0)
        {
            await CopyAsync(body, size);
            await ReadExactlyAsync(2);
        }

        string line;
        while ((line = await ReadLineAsync()).Length > 0)
        {
            trailers.Add(line);
        }
    }

    private async Task CopyAsync(MemoryStream to, long count)
    {
        while (count > 0)
        {
            if (_start == _end)
            {
                await FillOrThrowAsync();
            }

            var part = Take((int)Math.Min(count, _end - _start));
            to.Write(part);
            count -= part.Length;
        }
    }

    private byte[] Take(int count)
    {
        var bytes = _buffer[_start..(_start + count)];
        _start += count;
        return bytes;
    }

    private async Task FillOrThrowAsync()
    {
        if (!await FillAsync())
        {
            throw new EndOfStreamException($"The connection was closed after: {Encoding.Latin1.GetString(_buffer, _start, Math.Min(_end - _start, 500))}");
        }
    }

    private async Task<bool> FillAsync()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await _socket.ReceiveAsync(_buffer.AsMemory(_end)).Guarded();
        _end += read;
        return read > 0;
    }
}
