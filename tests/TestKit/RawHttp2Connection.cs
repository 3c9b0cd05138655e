using System.Buffers.Binary;
using System.Globalization;

namespace OpenAIProxy.TestKit;

/// <summary>
/// The server's side of an HTTP/2 connection in cleartext with prior knowledge, frame by frame: the test answers, refuses and ends streams
/// as it likes. Header blocks are not decoded.
/// </summary>
public sealed class RawHttp2Connection : IAsyncDisposable
{
    private const int PrefaceLength = 24;
    private const int HeadLength = 9;
    private const int MostPayload = 16 * 1024;

    private readonly RawConnection _connection;
    private readonly Dictionary<int, List<byte>> _bodies = [];

    private RawHttp2Connection(RawConnection connection) => _connection = connection;

    /// <summary>The next connection, with settings exchanged and windows of a gigabyte.</summary>
    public static async Task<RawHttp2Connection> AcceptAsync(RawUpstream upstream, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(upstream);
        var connection = new RawHttp2Connection(await upstream.AcceptAsync(token));
        await connection._connection.ReadExactlyAsync(PrefaceLength);
        // SETTINGS_INITIAL_WINDOW_SIZE
        await connection.SendAsync(new Http2Frame(Http2Frame.Settings, 0, 0, [0, 4, 0x40, 0, 0, 0]));
        await connection.SendAsync(new Http2Frame(Http2Frame.WindowUpdate, 0, 0, Number(0x3F00_0000)));
        return connection;
    }

    /// <summary>The next request: its stream and body. Settings and pings are acknowledged meanwhile.</summary>
    public async Task<(int Stream, byte[] Body)> ReadRequestAsync()
    {
        while (true)
        {
            var frame = await ReadFrameAsync();
            if (frame.Stream == 0 || frame.Type is not (Http2Frame.Headers or Http2Frame.Data))
            {
                continue;
            }

            if (frame.Type == Http2Frame.Headers)
            {
                _bodies[frame.Stream] = [];
            }
            else
            {
                _bodies[frame.Stream].AddRange(frame.Payload);
            }

            if (frame.IsEnd && _bodies.Remove(frame.Stream, out var body))
            {
                return (frame.Stream, [.. body]);
            }
        }
    }

    /// <summary>The head of the next request: its stream.</summary>
    public async Task<int> ReadHeadAsync()
    {
        while (true)
        {
            if (await ReadFrameAsync() is { Type: Http2Frame.Headers } frame)
            {
                _bodies[frame.Stream] = [];
                return frame.Stream;
            }
        }
    }

    /// <summary>The next frame.</summary>
    public async Task<Http2Frame> ReadFrameAsync()
    {
        var head = await _connection.ReadExactlyAsync(HeadLength);
        var payload = await _connection.ReadExactlyAsync((head[0] << 16) | (head[1] << 8) | head[2]);
        var frame = new Http2Frame(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)) & int.MaxValue, payload);
        if (frame is { Type: Http2Frame.Settings or Http2Frame.Ping, IsEnd: false })
        {
            await SendAsync(new Http2Frame(frame.Type, 1, 0, frame.Type == Http2Frame.Ping ? payload : []));
        }

        return frame;
    }

    /// <summary>Answers a stream with a status and a body.</summary>
    public async Task AnswerAsync(int stream, byte[] body, int status = 200)
    {
        ArgumentNullException.ThrowIfNull(body);
        // :status, from the static table if it is 200, else as a literal; content-type: application/json (RFC 7541 appendix A).
        byte[] statusField = status == 200 ? [0x88] : [0x08, 3, .. System.Text.Encoding.ASCII.GetBytes(status.ToString(CultureInfo.InvariantCulture))];
        await SendAsync(new Http2Frame(Http2Frame.Headers, 4, stream, [.. statusField, 0x0F, 0x10, 16, .. "application/json"u8]));
        for (var i = 0; i == 0 || i < body.Length; i += MostPayload)
        {
            var piece = body[i..Math.Min(body.Length, i + MostPayload)];
            await SendAsync(new Http2Frame(Http2Frame.Data, (byte)(i + MostPayload >= body.Length ? 1 : 0), stream, piece));
        }
    }

    /// <summary>Ends a stream: 7 is REFUSED_STREAM, 2 is INTERNAL_ERROR.</summary>
    public Task ResetAsync(int stream, int error = 7) => SendAsync(new Http2Frame(Http2Frame.Reset, 0, stream, Number(error)));

    /// <summary>Says which stream is the last that is worked on, and why: 0 is NO_ERROR.</summary>
    public Task GoAwayAsync(int lastStream, int error = 0) => SendAsync(new Http2Frame(Http2Frame.GoAway, 0, 0, [.. Number(lastStream), .. Number(error)]));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private Task SendAsync(Http2Frame frame)
    {
        var length = frame.Payload.Length;
        return _connection.SendAsync(
            (byte[])[(byte)(length >> 16), (byte)(length >> 8), (byte)length, frame.Type, frame.Flags, .. Number(frame.Stream), .. frame.Payload]);
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
