using Microsoft.AspNetCore.Http.Features;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>
/// The request's target as it came over the wire, byte for byte. The parsed path would re-spell it: <c>/v1/files/a%2Fb</c> would reach
/// the upstream as <c>a%252Fb</c>.
/// </summary>
internal static class RequestTarget
{
    /// <summary>Nothing is decoded, encoded or resolved.</summary>
    internal static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The upstream's address for a request.</summary>
    /// <param name="baseUrl">Scheme, authority and an optional path, without a trailing slash.</param>
    /// <param name="context">The request.</param>
    /// <param name="routePrefix">What to take off the front of the path, if it is there; may be empty.</param>
    public static Uri ToUri(string baseUrl, HttpContext context, string routePrefix)
    {
        var raw = PathAndQuery(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        var target = HasPrefix(raw, routePrefix) ? raw[routePrefix.Length..] : raw;
        var slash = target.StartsWith('/') ? "" : "/";
        return new Uri(string.Concat(baseUrl, slash, target), AsItIs);
    }

    /// <summary>True if the path begins with the prefix as whole segments.</summary>
    private static bool HasPrefix(ReadOnlySpan<char> path, string prefix)
        => prefix.Length > 0 && path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] is '/' or '?');

    // A client that takes the gateway for an HTTP proxy sends the absolute form: GET http://gateway/v1/models HTTP/1.1
    private static ReadOnlySpan<char> PathAndQuery(string rawTarget)
    {
        var target = rawTarget.AsSpan();
        if (target.StartsWith('/'))
        {
            return target;
        }

        var authority = target.IndexOf("://");
        if (authority < 0)
        {
            return target;
        }

        var afterAuthority = target[(authority + 3)..];
        var path = afterAuthority.IndexOfAny('/', '?');
        return path < 0 ? "/" : afterAuthority[path..];
    }
}
