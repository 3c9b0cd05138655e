using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.EndToEnd.Tests.Running;

internal static class FreePort
{
    /// <summary>
    /// A port that nobody listens on, below those that Linux takes for outgoing connections (32768 and up): the load of one test must not take
    /// the port of another between this look and the start of who is to listen there.
    /// </summary>
    public static int Take()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 20_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it; there are others.
            }
        }
    }
}
