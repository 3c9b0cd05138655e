using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.Gateway.Access;

/// <summary>A list of IP addresses and networks, IPv4 and IPv6.</summary>
public sealed class NetworkList
{
    private readonly IPNetwork[] _networks;

    private NetworkList(IPNetwork[] networks) => _networks = networks;

    /// <summary>A list without entries.</summary>
    public static NetworkList Empty { get; } = new([]);

    /// <summary>True if there are no entries.</summary>
    public bool IsEmpty => _networks.Length == 0;

    /// <summary>Parses addresses and CIDR networks; bits behind the prefix are ignored (<c>10.1.2.3/8</c> is <c>10.0.0.0/8</c>).</summary>
    /// <param name="texts">The entries.</param>
    /// <param name="list">The list, or an empty one.</param>
    /// <param name="wrong">The first entry that is neither an address nor a network.</param>
    public static bool TryParse(IReadOnlyList<string> texts, out NetworkList list, [NotNullWhen(false)] out string? wrong)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var networks = new IPNetwork[texts.Count];
        for (var i = 0; i < texts.Count; i++)
        {
            if (!TryParse(texts[i], out networks[i]))
            {
                list = Empty;
                wrong = texts[i];
                return false;
            }
        }

        list = networks.Length == 0 ? Empty : new NetworkList(networks);
        wrong = null;
        return true;
    }

    /// <summary>True if the address is in one of the networks. An IPv4 address mapped into IPv6 counts as the IPv4 address.</summary>
    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in _networks)
        {
            if (network.Contains(plain))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryParse(string text, out IPNetwork network)
    {
        network = default;
        var parts = text.Split('/');
        if (parts.Length > 2 || !IPAddress.TryParse(parts[0], out var address) || !LooksLikeAddress(parts[0]))
        {
            return false;
        }

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var prefix = bits;
        if (parts.Length == 2 && (!int.TryParse(parts[1], out prefix) || prefix < 0 || prefix > bits))
        {
            return false;
        }

        if (address.IsIPv4MappedToIPv6 && prefix >= 96)
        {
            address = address.MapToIPv4();
            prefix -= 96;
        }

        var bytes = address.GetAddressBytes();
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        network = new IPNetwork(new IPAddress(bytes), prefix);
        return true;
    }

    // IPAddress.TryParse takes "10" for 0.0.0.10, which nobody means.
    private static bool LooksLikeAddress(string text) => text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3;
}
