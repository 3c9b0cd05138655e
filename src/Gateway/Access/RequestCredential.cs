using Microsoft.Extensions.Primitives;

namespace OpenAIProxy.Gateway.Access;

/// <summary>Finds the key in a request, wherever OpenAI's, Azure's and other clients put one.</summary>
internal static class RequestCredential
{
    /// <summary>Browsers can't set headers on a WebSocket; OpenAI takes the key as one of the offered subprotocols.</summary>
    public const string SubprotocolPrefix = "openai-insecure-api-key.";

    /// <summary>Where Azure's clients put the key.</summary>
    public const string ApiKeyHeader = "api-key";

    /// <summary>Where Anthropic's clients put the key.</summary>
    public const string XApiKeyHeader = "x-api-key";

    private const string Scheme = "Bearer";

    /// <summary>Finds the key. False if there is none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="key">The key, a part of a header's value: no copy is made.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="travels">True if it stands in the only Authorization header, with its scheme, which can travel on as it is.</param>
    public static bool TryFind(HttpRequest request, out ReadOnlySpan<char> key, out KeyPlace place, out bool travels)
    {
        var headers = request.Headers;
        place = KeyPlace.Authorization;
        travels = false;
        foreach (var line in headers.Authorization)
        {
            key = BearerToken(line);
            if (!key.IsEmpty)
            {
                // A second header would travel unchecked; a bare key without "Bearer" gets its scheme.
                travels = headers.Authorization.Count == 1 && key.Length < line.AsSpan().Trim().Length;
                return true;
            }
        }

        place = KeyPlace.ApiKeyHeader;
        if (TryFindIn(headers, ApiKeyHeader, out key))
        {
            return true;
        }

        place = KeyPlace.XApiKeyHeader;
        if (TryFindIn(headers, XApiKeyHeader, out key))
        {
            return true;
        }

        place = KeyPlace.Query;
        key = QueryKey.Find(request.QueryString.Value);
        if (!key.IsEmpty)
        {
            return true;
        }

        place = KeyPlace.Subprotocol;
        return TryFindInSubprotocols(headers.SecWebSocketProtocol, out key);
    }

    // Clients without a configured key send an empty token, "Authorization: Bearer", which is none; neither is what another scheme holds:
    // "Basic …" is a name and a password for somebody in between.
    private static ReadOnlySpan<char> BearerToken(string? authorization)
    {
        var text = authorization.AsSpan().Trim();
        var space = text.IndexOfAny(' ', '\t');
        if (space < 0)
        {
            return text.Equals(Scheme, StringComparison.OrdinalIgnoreCase) ? default : text;
        }

        return text[..space].Equals(Scheme, StringComparison.OrdinalIgnoreCase) ? text[space..].Trim() : default;
    }

    private static bool TryFindIn(IHeaderDictionary headers, string name, out ReadOnlySpan<char> key)
    {
        key = headers.TryGetValue(name, out var values) && values is [{ } text, ..] ? text.AsSpan().Trim() : default;
        return !key.IsEmpty;
    }

    private static bool TryFindInSubprotocols(StringValues lines, out ReadOnlySpan<char> key)
    {
        foreach (var line in lines)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var protocol = line.AsSpan()[range].Trim();
                if (protocol.Length > SubprotocolPrefix.Length && protocol.StartsWith(SubprotocolPrefix, StringComparison.OrdinalIgnoreCase))
                {
                    key = protocol[SubprotocolPrefix.Length..];
                    return true;
                }
            }
        }

        key = default;
        return false;
    }
}
