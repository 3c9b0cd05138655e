using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>A kept-alive HTTP/1.1 connection that costs next to nothing: ready-made requests out, answers with a Content-Length in.</summary>
internal sealed class LeanConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[16 * 1024];

    public static async Task<LeanConnection> OpenAsync(Uri address)
    {
        var connection = new LeanConnection();
        await connection._socket.ConnectAsync(IPAddress.Parse(address.DnsSafeHost), address.Port);
        return connection;
    }

    /// <summary>Sends a request and waits for its whole answer. True if that is a good one.</summary>
    public async Task<bool> CallAsync(ReadOnlyMemory<byte> request)
    {
        await _socket.SendAsync(request);
        var count = 0;
        int length;
        while ((length = AnswerLength(_buffer.AsSpan(0, count))) < 0 || count < length)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(count));
            count += read > 0 ? read : throw new EndOfStreamException();
        }

        return count == length && _buffer.AsSpan().StartsWith("HTTP/1.1 200 "u8);
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Bytes of head and body; -1 while the head isn't there.</summary>
    private static int AnswerLength(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return -1;
        }

        var name = "Content-Length: "u8;
        var at = answer.IndexOf(name);
        return at >= 0 && at < head && Utf8Parser.TryParse(answer[(at + name.Length)..], out int body, out _)
            ? head + 4 + body
            : throw new InvalidDataException("An answer without Content-Length.");
    }
}
