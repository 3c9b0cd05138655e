using System.Buffers.Binary;
using System.Text;

namespace OpenAIProxy.Gateway.Tests.Models;

/// <summary>A WebSocket through the gateway of which the test writes and reads each frame, on both sides.</summary>
internal sealed class RawSocket : IAsyncDisposable
{
    public const byte Text = 1;
    public const byte Binary = 2;
    public const byte More = 0;
    public const byte Close = 8;
    public const byte Ping = 9;
    public const byte Pong = 10;

    private RawSocket(RawConnection client, RawConnection upstream, RawHead request)
    {
        Client = client;
        Upstream = upstream;
        Request = request;
    }

    public RawConnection Client { get; }

    public RawConnection Upstream { get; }

    public RawHead Request { get; }

    public static async Task<RawSocket> OpenAsync(Rig rig, string target)
    {
        var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Handshake(target));
        var upstream = await rig.Upstream.AcceptAsync();
        var request = await upstream.ReadHeadAsync();
        await upstream.SendAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
        Assert.Equal(101, (await client.ReadHeadAsync()).Status);
        return new RawSocket(client, upstream, request);
    }

    public static string Handshake(string target) => Rig.Request(
        $"GET {target}", $"Authorization: Bearer {ModelRig.Limited}", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Extensions: permessage-deflate");

    /// <summary>A frame as a client sends it.</summary>
    public static byte[] Masked(string payload, byte code = Text, bool isLast = true, byte reserved = 0)
    {
        byte[] mask = [0x12, 0x34, 0x56, 0xF8];
        var bytes = Encoding.UTF8.GetBytes(payload);
        return [.. Head(bytes.Length, code, isLast, reserved, 0x80), .. mask, .. bytes.Select((b, i) => (byte)(b ^ mask[i % 4]))];
    }

    /// <summary>A frame as a server sends it.</summary>
    public static byte[] Plain(string payload, byte code = Text, bool isLast = true)
    {
        var bytes = Encoding.UTF8.GetBytes(payload);
        return [.. Head(bytes.Length, code, isLast, 0, 0), .. bytes];
    }

    /// <summary>The next frame, with its payload as it was before it was masked.</summary>
    public static async Task<(int Code, bool IsLast, string Payload)> ReadAsync(RawConnection connection)
    {
        var head = await connection.ReadExactlyAsync(2);
        long length = head[1] & 0x7F;
        length = length switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(await connection.ReadExactlyAsync(2)),
            127 => BinaryPrimitives.ReadInt64BigEndian(await connection.ReadExactlyAsync(8)),
            _ => length,
        };
        var mask = (head[1] & 0x80) == 0 ? new byte[4] : await connection.ReadExactlyAsync(4);
        var payload = length == 0 ? [] : await connection.ReadExactlyAsync((int)length);
        return (head[0] & 0x0F, (head[0] & 0x80) != 0, Encoding.UTF8.GetString([.. payload.Select((b, i) => (byte)(b ^ mask[i % 4]))]));
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    private static byte[] Head(int length, byte code, bool isLast, byte reserved, byte mask)
    {
        var first = (byte)(code | (isLast ? 0x80 : 0) | reserved);
        if (length < 126)
        {
            return [first, (byte)(length | mask)];
        }

        var head = new byte[length < 65536 ? 4 : 10];
        head[0] = first;
        head[1] = (byte)((length < 65536 ? 126 : 127) | mask);
        if (length < 65536)
        {
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)length);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(2), (ulong)length);
        }

        return head;
    }
}
