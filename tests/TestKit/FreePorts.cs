using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.TestKit;

/// <summary>
/// Ports for processes that will listen, or listen again, some time after they were told where: they are of one range, and none is given
/// twice. Let the range end below 32768, where Linux begins to take ports for outgoing connections, and overlap no other.
/// </summary>
/// <param name="first">The first port.</param>
/// <param name="end">The first port after the last.</param>
public sealed class FreePorts(int first, int end)
{
    private readonly ConcurrentDictionary<int, bool> _given = new();

    /// <summary>A port of 127.0.0.1 that nobody listens on.</summary>
    public int Take()
    {
        while (true)
        {
            var port = Random.Shared.Next(first, end);
            try
            {
                if (_given.TryAdd(port, true))
                {
                    using var listener = new TcpListener(IPAddress.Loopback, port);
                    listener.Start();
                    return port;
                }
            }
            catch (SocketException)
            {
                // Somebody has it; there are others.
            }
        }
    }
}
