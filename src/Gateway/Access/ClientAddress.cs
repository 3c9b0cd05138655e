using System.Net;

namespace OpenAIProxy.Gateway.Access;

/// <summary>Whose address counts: the socket's, or what trusted proxies wrote into X-Forwarded-For.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// The address of the client. X-Forwarded-For is read from its end, as each proxy appends the address it saw; the first one that is
    /// not itself a trusted proxy is the client. Null if it can't be told.
    /// </summary>
    public static IPAddress? Find(HttpContext context, NetworkList trustedProxies)
    {
        var address = context.Connection.RemoteIpAddress;
        if (address is null || trustedProxies.IsEmpty || !trustedProxies.Contains(address))
        {
            return address;
        }

        var hops = context.Request.Headers["X-Forwarded-For"].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        for (var i = hops.Length - 1; i >= 0; i--)
        {
            if (!TryParse(hops[i], out address))
            {
                return null;
            }

            if (!trustedProxies.Contains(address))
            {
                return address;
            }
        }

        return address;
    }

    // 203.0.113.7 · 203.0.113.7:4711 · 2001:db8::7 · [2001:db8::7]:4711
    private static bool TryParse(string text, out IPAddress address)
    {
        if (IPAddress.TryParse(text, out address!))
        {
            return true;
        }

        var parsed = IPEndPoint.TryParse(text, out var endPoint);
        address = endPoint?.Address!;
        return parsed;
    }
}
