using System.Net.Sockets;
using System.Text;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.Standalone.Tests;

/// <summary>What systemd listens to for a unit of <c>Type=notify</c>.</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    /// <param name="path">Its path, of at most 107 bytes.</param>
    public NotifySocket(string path)
    {
        Path = path;
        _socket.Bind(new UnixDomainSocketEndPoint(path));
    }

    public string Path { get; }

    /// <summary>The next message: lines of <c>NAME=value</c>.</summary>
    public async Task<string> ReceiveAsync()
    {
        var buffer = new byte[4096];
        var count = await _socket.ReceiveAsync(buffer).Guarded();
        return Encoding.UTF8.GetString(buffer, 0, count);
    }

    public void Dispose() => _socket.Dispose();
}
