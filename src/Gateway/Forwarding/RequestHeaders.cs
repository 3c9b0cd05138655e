using System.Collections.Frozen;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Takes out of a request's headers what must not go upstream; everything else passes.</summary>
internal static class RequestHeaders
{
    /// <summary>
    /// Connection headers that the forwarder doesn't drop by itself (TE it keeps for HTTP/2 clients), what names the caller, its page or where
    /// both are, what gives the request another path or method, and trace context. Connection, Keep-Alive, Transfer-Encoding, Upgrade and Proxy-* are the
    /// forwarder's to handle. By name: a caller's own headers may begin alike (<c>cf-aig-authorization</c>, <c>CF-Access-Client-Id</c>).
    /// </summary>
    private static readonly FrozenSet<string> NeverForwarded = new[]
    {
        "TE", "Trailer", "Cookie", "Forwarded", "Via", "X-Real-IP", "True-Client-IP", "X-Client-IP", "X-Cluster-Client-IP", "Client-IP",
        "Fastly-Client-IP", "Fly-Client-IP", "CDN-Loop", "X-ProxyUser-Ip", "Referer", "Origin", "traceparent", "tracestate", "baggage",
        // Reverse proxies: where the request was before.
        "X-Original-For", "X-Original-Forwarded-For", "X-Original-Host", "X-Original-Proto", "X-Original-Prefix", "X-Original-URI",
        "X-Original-URL", "X-Original-Method", "X-Original-Remote-Addr", "X-Original-Scheme", "X-Original-Port", "X-Rewrite-URL",
        "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override",
        // Cloudflare's own: of every request, of its location and bot transforms, of client certificates, of Access and of Workers.
        "CF-Connecting-IP", "CF-Connecting-IPv6", "CF-Connecting-IP-Policy", "CF-Pseudo-IPv4", "CF-RAY", "CF-Visitor", "CF-Request-ID",
        "CF-IPCountry", "CF-IPCity", "CF-IPContinent", "CF-IPLatitude", "CF-IPLongitude", "CF-Region", "CF-Region-Code", "CF-Metro-Code",
        "CF-Postal-Code", "CF-Timezone", "CF-ASN", "CF-Device-Type", "CF-Threat-Score", "CF-Bot-Score", "CF-Verified-Bot", "CF-JA3-Hash",
        "CF-JA4", "CF-Cert-Presented", "CF-Cert-Verified", "CF-Cert-Revoked", "CF-Cert-Issuer-DN", "CF-Cert-Subject-DN",
        "CF-Cert-Issuer-DN-RFC2253", "CF-Cert-Subject-DN-RFC2253", "CF-Cert-Issuer-DN-Legacy", "CF-Cert-Subject-DN-Legacy", "CF-Cert-Serial",
        "CF-Cert-Issuer-Serial", "CF-Cert-Fingerprint-SHA1", "CF-Cert-Fingerprint-SHA256", "CF-Cert-Not-Before", "CF-Cert-Not-After",
        "CF-Cert-SKI", "CF-Cert-Issuer-SKI", "CF-Client-Cert-SHA256", "CF-Access-Authenticated-User-Email", "CF-Access-Jwt-Assertion",
        "CF-Warp-Tag-ID", "CF-Worker", "CF-EW-Via", "CF-Connecting-O2O",
        // Azure's Front Door and App Service, Envoy, Google's App Engine.
        "X-Azure-ClientIP", "X-Azure-SocketIP", "X-Azure-Ref", "X-Azure-RequestChain", "X-Azure-FDID", "X-Azure-JA4-Fingerprint",
        "X-Azure-OriginStatusCode", "X-ARR-LOG-ID", "X-ARR-SSL", "X-ARR-ClientCert", "X-Envoy-External-Address", "X-Envoy-Internal",
        "X-Envoy-Peer-Metadata", "X-Envoy-Peer-Metadata-Id", "X-Envoy-Original-Path", "X-Envoy-Original-Host", "X-Envoy-Decorator-Operation",
        "X-Envoy-Downstream-Service-Cluster", "X-Envoy-Downstream-Service-Node", "X-Envoy-Expected-Rq-Timeout-Ms", "X-Envoy-Attempt-Count",
        "X-Envoy-Upstream-Service-Time", "X-Envoy-IP-Tags", "X-Appengine-Country", "X-Appengine-Region", "X-Appengine-City",
        "X-Appengine-CityLatLong", "X-Appengine-User-IP", "X-Appengine-Remote-Addr", "X-Appengine-Https", "X-Appengine-Request-Log-Id",
        "X-Appengine-Default-Version-Hostname", "X-Appengine-Timeout-Ms",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Everything under these is a proxy's, or this gateway's.
    private static readonly string[] NeverForwardedPrefixes = ["X-Forwarded-", "x-openaiproxy-"];

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
        if (name[0] is not ('x' or 'X'))
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
