using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpenAIProxy.Runner.Load;

/// <summary>A file sent to /v1/files, as fast as the server takes it.</summary>
internal static class Upload
{
    private const int BlockSize = 64 * 1024;
    private const string Boundary = "bench-7d1f2a";

    public static async Task SendAsync(int port, long fileBytes, CancellationToken cancellationToken)
    {
        var before = Encoding.ASCII.GetBytes(
            $"--{Boundary}\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n"
            + $"--{Boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"bench.jsonl\"\r\nContent-Type: application/octet-stream\r\n\r\n");
        var after = Encoding.ASCII.GetBytes($"\r\n--{Boundary}--\r\n");
        var head = Encoding.ASCII.GetBytes(
            $"POST /v1/files HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {SmallRequest.Key}\r\nConnection: close\r\n"
            + $"Content-Type: multipart/form-data; boundary={Boundary}\r\nContent-Length: {before.Length + fileBytes + after.Length}\r\n\r\n");

        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        using var stream = new NetworkStream(socket);
        await stream.WriteAsync(head, cancellationToken);
        await stream.WriteAsync(before, cancellationToken);
        var block = new byte[BlockSize];
        block.AsSpan().Fill((byte)'x');
        for (var left = fileBytes; left > 0; left -= BlockSize)
        {
            await stream.WriteAsync(block.AsMemory(0, (int)Math.Min(left, BlockSize)), cancellationToken);
        }

        await stream.WriteAsync(after, cancellationToken);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(cancellationToken);
        if (!answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The upload was answered with: {answer}");
        }
    }
}
