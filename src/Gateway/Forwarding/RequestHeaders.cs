using System.Collections.Frozen;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Takes out of a request's headers what must not leave the house; everything else passes.</summary>
internal static class RequestHeaders
{
    /// <summary>
    /// Connection headers that the forwarder doesn't drop by itself (TE it keeps for HTTP/2 clients), what names the caller or its page, and
    /// trace context. Connection, Keep-Alive, Transfer-Encoding, Upgrade and Proxy-* are the forwarder's to handle.
    /// </summary>
    private static readonly FrozenSet<string> NeverForwarded = new[]
    {
        "TE", "Trailer", "Cookie", "Forwarded", "Via", "X-Real-IP", "True-Client-IP", "X-Client-IP", "X-Cluster-Client-IP", "Client-IP",
        "Fastly-Client-IP", "Fly-Client-IP", "CDN-Loop", "X-ProxyUser-Ip", "Referer", "Origin", "traceparent", "tracestate", "baggage",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] NeverForwardedPrefixes =
        ["X-Forwarded-", "X-Original-", "CF-", "X-Azure-", "X-Arr-", "X-Envoy-", "X-Appengine-", "x-openaiproxy-"];

    /// <summary>Removes them.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="usesOperatorKey">True if the operator's key goes upstream: then the caller doesn't choose whose account it is.</param>
    public static void Clean(IHeaderDictionary headers, bool usesOperatorKey)
    {
        if (headers.Connection is { Count: > 0 } connection)
        {
            RemoveNamed(headers, connection.ToString());
        }

        List<string>? remove = null;
        foreach (var (name, _) in headers)
        {
            if (NeverForwarded.Contains(name) || HasForbiddenPrefix(name))
            {
                (remove ??= []).Add(name);
            }
        }

        if (remove is not null)
        {
            foreach (var name in remove)
            {
                headers.Remove(name);
            }
        }

        if (usesOperatorKey)
        {
            headers.Remove("OpenAI-Organization");
            headers.Remove("OpenAI-Project");
        }
    }

    // RFC 9110 section 7.6.1: headers named in Connection are for this hop. The upgrade of a WebSocket is named there too, and stays.
    private static void RemoveNamed(IHeaderDictionary headers, string connection)
    {
        foreach (var range in connection.AsSpan().Split(','))
        {
            var name = connection.AsSpan()[range].Trim();
            if (!name.IsEmpty && !name.Equals("close", StringComparison.OrdinalIgnoreCase)
                && !name.Equals("keep-alive", StringComparison.OrdinalIgnoreCase) && !name.Equals("upgrade", StringComparison.OrdinalIgnoreCase))
            {
                headers.Remove(name.ToString());
            }
        }
    }

    private static bool HasForbiddenPrefix(string name)
    {
        if (name[0] is not ('x' or 'X' or 'c' or 'C'))
        {
            return false;
        }

        foreach (var prefix in NeverForwardedPrefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
