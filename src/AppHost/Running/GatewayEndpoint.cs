using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using OpenAIProxy.AppHost.CommandLine;

namespace OpenAIProxy.AppHost.Running;

/// <summary>Where the gateway listens.</summary>
internal static class GatewayEndpoint
{
    /// <summary>All interfaces of IPv4.</summary>
    public const string AnyAddress = "0.0.0.0";

    /// <summary>The IPv4 addresses by which others may reach this machine.</summary>
    public static IEnumerable<IPAddress> NetworkAddresses()
        => NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));

    /// <summary>
    /// Lets <paramref name="gateway"/> listen on <paramref name="port"/> (0: any free one) and nowhere else, of all interfaces or of this machine's
    /// own (<paramref name="isPublic"/>). One gateway listens there itself; in front of several (<paramref name="replicas"/>) stands the TCP proxy
    /// of Aspire's orchestrator. Published, the platform gives the port.
    /// </summary>
    /// <exception cref="UnusableOptionException">Somebody else listens on the port.</exception>
    public static IResourceBuilder<ProjectResource> ListeningOn(this IResourceBuilder<ProjectResource> gateway, int port, int replicas, bool isPublic)
    {
        if (gateway.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            return gateway.WithExternalHttpEndpoints();
        }

        if (port != 0 && IsInUse(port, isPublic))
        {
            throw new UnusableOptionException($"Port {port} is in use by another program. Choose another one with --port, or 0 for any free one.");
        }

        return gateway.WithReplicas(replicas).WithExternalHttpEndpoints().WithEndpoint("http", endpoint =>
        {
            endpoint.Port = port == 0 ? null : port;
            endpoint.IsProxied = replicas > 1;
            endpoint.TargetHost = isPublic ? AnyAddress : "localhost";
        });
    }

    private static bool IsInUse(int port, bool isPublic)
    {
        foreach (var address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback, .. isPublic ? (IPAddress[])[IPAddress.Any] : []])
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
