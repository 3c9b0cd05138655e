using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpenAIProxy.Runner.Load;

/// <summary>One client that reads chat streams, one after the other, on one connection.</summary>
internal sealed class EventStream : IDisposable
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        """{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"Hello"}]}""");

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly EventCounter _counter = new();
    private readonly byte[] _request;
    private readonly byte[] _buffer;

    /// <param name="behavior">Headers for the simulator, each with its line end.</param>
    /// <param name="bufferSize">How much is read at once, in bytes.</param>
    public EventStream(string behavior, int bufferSize)
    {
        _buffer = new byte[bufferSize];
        _request =
        [
            .. Encoding.ASCII.GetBytes(
                $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {SmallRequest.Key}\r\n"
                + $"Accept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n{behavior}\r\n"),
            .. Body,
        ];
    }

    public long Events => _counter.Events;

    public long Chunks => _counter.Chunks;

    /// <summary>Sends the request and waits for the first event.</summary>
    public async Task OpenAsync(int port, CancellationToken cancellationToken)
    {
        await _socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        await _socket.SendAsync(_request, cancellationToken);
        while (_counter.Events == 0)
        {
            await ReadAsync(cancellationToken);
        }
    }

    /// <summary>Reads until it is cancelled. A stream that ends is followed by the next one.</summary>
    public async Task ReadOnAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (; ; )
            {
                if (_counter.IsComplete)
                {
                    _counter.ExpectAnswer();
                    await _socket.SendAsync(_request, cancellationToken);
                }

                await ReadAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        var length = await _socket.ReceiveAsync(_buffer, cancellationToken);
        _counter.Read(length > 0 ? _buffer.AsSpan(0, length) : throw new InvalidOperationException("The stream was cut off."));
    }
}
