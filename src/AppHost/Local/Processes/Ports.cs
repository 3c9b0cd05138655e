using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.AppHost.Local;

/// <summary>Ports of this machine.</summary>
internal static class Ports
{
    /// <summary>A port that nothing listens on.</summary>
    public static int Free() => Listen(IPAddress.Loopback, 0);

    /// <summary>True if <paramref name="port"/> can be listened on at localhost: 127.0.0.1 and, where there is IPv6, ::1.</summary>
    public static bool IsFree(int port)
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
