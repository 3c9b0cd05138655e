using System.Net;
using System.Net.Sockets;
using OpenAIProxy.AppHost.CommandLine;

namespace OpenAIProxy.AppHost.Running;

/// <summary>Where the gateway listens.</summary>
internal static class GatewayEndpoint
{
    /// <summary>
    /// Lets <paramref name="gateway"/> listen on <paramref name="port"/> (0: any free one) and nowhere else. One gateway listens there itself;
    /// in front of several (<paramref name="replicas"/>) stands the TCP proxy of Aspire's orchestrator. Published, the platform gives the port.
    /// </summary>
    /// <exception cref="UnusableOptionException">Somebody else listens on the port.</exception>
    public static IResourceBuilder<ProjectResource> ListeningOn(this IResourceBuilder<ProjectResource> gateway, int port, int replicas)
    {
        if (gateway.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            return gateway.WithExternalHttpEndpoints();
        }

        if (port != 0 && IsInUse(port))
        {
            throw new UnusableOptionException($"Port {port} is in use by another program. Choose another one with --port, or 0 for any free one.");
        }

        return gateway.WithReplicas(replicas).WithExternalHttpEndpoints().WithEndpoint("http", endpoint =>
        {
            endpoint.Port = port == 0 ? null : port;
            endpoint.IsProxied = replicas > 1;
        });
    }

    private static bool IsInUse(int port)
    {
        foreach (var address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            try
            {
                using var listener = new TcpListener(address, port);
                listener.Start();
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
            {
                return true;
            }
            catch (SocketException)
            {
                // No IPv6 here, or a port that needs rights: the gateway will say so itself.
            }
        }

        return false;
    }
}
