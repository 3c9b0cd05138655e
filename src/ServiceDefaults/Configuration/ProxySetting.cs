using System.Net;

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>A proxy on the way to the upstream. Both services have one of their own, and take the name <c>PROXY</c> for it.</summary>
public sealed class ProxySetting : Setting<WebProxy>
{
    /// <summary>Creates the setting; its address may hold a password.</summary>
    public ProxySetting(string name, string meaning)
        : base(name, null, "an http, https, socks4, socks4a or socks5 address, with user:password@ if it wants one", meaning)
    {
        Aliases = ["PROXY"];
        Secret = true;
    }

    internal override bool TryParse(string text, out WebProxy? value)
    {
        value = null;
        if (!AddressSetting.TryParse(text, out var uri, "http", "https", "socks4", "socks4a", "socks5"))
        {
            return false;
        }

        // WebProxy ignores the address's user:password; left alone they would be lost without a word.
        value = new WebProxy(new UriBuilder(uri) { UserName = "", Password = "" }.Uri) { Credentials = Credentials(uri.UserInfo) };
        return true;
    }

    private static NetworkCredential? Credentials(string userInfo)
    {
        var colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        return userInfo.Length == 0 ? null
            : colon < 0 ? new NetworkCredential(Uri.UnescapeDataString(userInfo), "")
            : new NetworkCredential(Uri.UnescapeDataString(userInfo[..colon]), Uri.UnescapeDataString(userInfo[(colon + 1)..]));
    }
}
