using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>A listener that nobody can connect to any more: its queue is full, and connecting neither works nor fails.</summary>
internal sealed class FullListener : IDisposable
{
    // A queue of one has room for two; the others go on trying, so it stays full.
    private const int Places = 2;
    private const int More = 8;

    private readonly TcpListener _listener;
    private readonly List<Socket> _waiting = [];

    private FullListener(IPEndPoint place)
    {
        _listener = new TcpListener(place);
        _listener.Start(1);
        Address = new Uri($"http://{_listener.LocalEndpoint}");
    }

    public Uri Address { get; }

    public static Task<FullListener> StartAsync() => StartAsync(new IPEndPoint(IPAddress.Loopback, 0));

    public static async Task<FullListener> StartAsync(IPEndPoint place)
    {
        var full = new FullListener(place);
        var connecting = new List<Task>();
        for (var i = 0; i < More; i++)
        {
            var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            full._waiting.Add(socket);
            connecting.Add(socket.ConnectAsync(full._listener.LocalEndpoint));
        }

        for (var i = 0; i < Places; i++)
        {
            var connected = await Task.WhenAny(connecting).Guarded();
            await connected;
            connecting.Remove(connected);
        }

        return full;
    }

    public void Dispose()
    {
        _waiting.ForEach(s => s.Dispose());
        _listener.Dispose();
    }
}
