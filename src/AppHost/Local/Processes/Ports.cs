using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.AppHost.Local;

/// <summary>Ports of this machine.</summary>
internal static class Ports
{
    // Linux takes ports from 32768 on for outgoing connections: one of those could take a port between this look and the service's start.
    private const int First = 20_000;
    private const int End = 32_000;
    private const int PortsOfAHost = 16;

    // A port is taken some time before its service listens there: until then it looks free to the next one.
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    // That holds for two hosts that start side by side, too: each looks at ports of its own first.
    private static int _next = Environment.ProcessId % ((End - First) / PortsOfAHost) * PortsOfAHost;

    /// <summary>A port that nothing listens on, and no other call's.</summary>
    public static int Free()
    {
        for (var i = First; i < End; i++)
        {
            var port = First + ((Interlocked.Increment(ref _next) & int.MaxValue) % (End - First));
            if (TryTake(port))
            {
                return port;
            }
        }

        return Listen(IPAddress.Loopback, 0);
    }

    /// <summary>False if something listens on <paramref name="port"/>, or it was given away before.</summary>
    public static bool TryTake(int port) => Given.TryAdd(port, true) && IsFree(port);

    /// <summary>True if <paramref name="port"/> can be listened on at localhost: 127.0.0.1 and, where there is IPv6, ::1.</summary>
    private static bool IsFree(int port)
    {
        try
        {
            return Listen(IPAddress.Loopback, port) == port && Listen(IPAddress.IPv6Loopback, port) == port;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;
        }
    }

    private static int Listen(IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
