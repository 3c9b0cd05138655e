using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace OpenAIProxy.Gateway.Billing;

/// <summary>Tells clients apart for a service that needs no addresses for that.</summary>
internal static class ClientMark
{
    // Who has one address of IPv6 has all of its /64.
    private const int NetworkBytesOfIPv6 = 8;
    private const int MarkBytes = 12;

    /// <summary>The mark of the client at <paramref name="address"/>, the same on all gateways with this <paramref name="secret"/>.</summary>
    public static string Of(IPAddress address, string secret)
    {
        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        var network = address.AddressFamily == AddressFamily.InterNetworkV6 && bytes.Length > NetworkBytesOfIPv6 ? bytes.AsSpan(0, NetworkBytesOfIPv6) : bytes;
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), network, hash);
        return Convert.ToHexStringLower(hash[..MarkBytes]);
    }
}
