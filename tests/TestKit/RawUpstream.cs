using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.TestKit;

/// <summary>
/// An upstream written byte by byte: the test accepts each connection, reads what came, and sends, pauses, closes or resets as it likes.
/// <code>
/// await using var connection = await upstream.AcceptAsync();
/// var request = await connection.ReadMessageAsync();
/// await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
/// </code>
/// </summary>
public sealed class RawUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private volatile bool _disposed;

    /// <summary>Starts listening.</summary>
    public RawUpstream()
    {
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}");
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>True if a connection waits that the test has not accepted.</summary>
    public bool HasCaller => _listener.Pending();

    /// <summary>The next connection.</summary>
    /// <exception cref="ObjectDisposedException">It was closed, before or while the test waits.</exception>
    public async Task<RawConnection> AcceptAsync(CancellationToken token = default)
    {
        try
        {
            return new RawConnection(await _listener.AcceptSocketAsync(token).Guarded());
        }
        catch (Exception e) when (_disposed && e is SocketException or InvalidOperationException)
        {
            // What a closed listener throws depends on whether it was closed before the call or during it.
            throw new ObjectDisposedException(nameof(RawUpstream), e);
        }
    }

    /// <summary>Accepts one connection, reads one request, sends <paramref name="answer"/>, closes, and returns the request.</summary>
    public async Task<RawMessage> AnswerAsync(string answer) => await AnswerAsync(await AcceptAsync(), answer);

    /// <summary>Reads one request, sends <paramref name="answer"/>, closes, and returns the request.</summary>
    public static async Task<RawMessage> AnswerAsync(RawConnection connection, string answer)
    {
        ArgumentNullException.ThrowIfNull(connection);
        await using (connection)
        {
            var request = await connection.ReadMessageAsync();
            await connection.SendAsync(answer);
            return request;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }
}
