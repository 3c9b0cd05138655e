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

    // What is left of the account's limits, and its names: openai-organization, openai-project.
    private static readonly string[] OfAccount = ["x-ratelimit-", "openai-organization", "openai-project"];

    /// <summary>Copies them.</summary>
    /// <param name="source">The upstream's answer.</param>
    /// <param name="destination">Ours.</param>
    /// <param name="hidesAccount">True if the account behind the answer is not the caller's.</param>
    public static void Copy(HttpResponseMessage source, HttpResponse destination, bool hidesAccount)
    {
        var named = source.Headers.NonValidated.TryGetValues("Connection", out var connection) ? connection.ToString() : null;
        Copy(source.Headers.NonValidated, destination.Headers, named, hidesAccount);
        Copy(source.Content.Headers.NonValidated, destination.Headers, named);

        // RFC 9112 section 6.3: a message with both is framed by Transfer-Encoding, and the length may be a lie.
        if (destination.ContentLength is not null && source.Headers.NonValidated.Contains("Transfer-Encoding"))
        {
            destination.Headers.ContentLength = null;
        }
    }

    /// <summary>Copies trailers.</summary>
    public static void CopyTrailers(HttpResponseHeaders source, IHeaderDictionary destination) => Copy(source.NonValidated, destination, null);

    private static void Copy(HttpHeadersNonValidated source, IHeaderDictionary destination, string? namedInConnection, bool hidesAccount = false)
    {
        foreach (var (name, values) in source)
        {
            if (NeverReturned.Contains(name) || name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)
                || (namedInConnection is not null && IsNamed(namedInConnection, name))
                || (hidesAccount && IsOfAccount(name)))
            {
                continue;
            }

            destination[name] = values.Count == 1 ? new StringValues(values.ToString()) : new StringValues([.. values]);
        }
    }

    private static bool IsOfAccount(string name)
    {
        foreach (var start in OfAccount)
        {
            if (name.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
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
