using System.Collections.Frozen;
using System.Net.Http.Headers;
using Microsoft.Extensions.Primitives;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Copies the upstream's response headers, without those that are for this hop or speak for another host.</summary>
internal static class ResponseHeaders
{
    private static readonly FrozenSet<string> NeverReturned = new[]
    {
        // This hop's.
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authentication-Info", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade",
        // Said about api.openai.com, not about this gateway.
        "Set-Cookie", "Alt-Svc", "Strict-Transport-Security",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static void Copy(HttpResponseMessage source, HttpResponse destination)
    {
        var named = source.Headers.NonValidated.TryGetValues("Connection", out var connection) ? connection.ToString() : null;
        Copy(source.Headers.NonValidated, destination.Headers, named);
        Copy(source.Content.Headers.NonValidated, destination.Headers, named);

        // RFC 9112 section 6.3: a message with both is framed by Transfer-Encoding, and the length may be a lie.
        if (destination.ContentLength is not null && source.Headers.NonValidated.Contains("Transfer-Encoding"))
        {
            destination.Headers.ContentLength = null;
        }
    }

    /// <summary>Copies trailers.</summary>
    public static void CopyTrailers(HttpResponseHeaders source, IHeaderDictionary destination) => Copy(source.NonValidated, destination, null);

    private static void Copy(HttpHeadersNonValidated source, IHeaderDictionary destination, string? namedInConnection)
    {
        foreach (var (name, values) in source)
        {
            if (NeverReturned.Contains(name) || name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)
                || (namedInConnection is not null && IsNamed(namedInConnection, name)))
            {
                continue;
            }

            destination[name] = values.Count == 1 ? new StringValues(values.ToString()) : new StringValues([.. values]);
        }
    }

    private static bool IsNamed(string connection, string name)
    {
        foreach (var range in connection.AsSpan().Split(','))
        {
            if (connection.AsSpan()[range].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
