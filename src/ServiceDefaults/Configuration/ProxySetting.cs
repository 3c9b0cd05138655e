using System.Net;

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>A proxy on the way to the upstream, as both services read it.</summary>
public static class ProxySetting
{
    /// <summary>What may be written there.</summary>
    public const string Allowed = "an http, https, socks4, socks4a or socks5 address, with user:password@ if it wants one";

    /// <summary>Reads setting <paramref name="name"/>; null if it is not set. Errors go to <paramref name="reader"/>.</summary>
    public static WebProxy? Read(SettingsReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (reader.Address(name, "http", "https", "socks4", "socks4a", "socks5") is not { } uri)
        {
            return null;
        }

        // WebProxy ignores the address's user:password; left alone they would be lost without a word.
        return new WebProxy(new UriBuilder(uri) { UserName = "", Password = "" }.Uri) { Credentials = Credentials(uri.UserInfo) };
    }

    private static NetworkCredential? Credentials(string userInfo)
    {
        var colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        return userInfo.Length == 0 ? null
            : colon < 0 ? new NetworkCredential(Uri.UnescapeDataString(userInfo), "")
            : new NetworkCredential(Uri.UnescapeDataString(userInfo[..colon]), Uri.UnescapeDataString(userInfo[(colon + 1)..]));
    }
}
