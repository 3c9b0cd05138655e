namespace OpenAIProxy.Gateway.Access;

/// <summary>Finds the key in a request, wherever OpenAI's and Azure's clients put one.</summary>
internal static class RequestCredential
{
    /// <summary>Browsers can't set headers on a WebSocket; OpenAI takes the key as one of the offered subprotocols.</summary>
    public const string SubprotocolPrefix = "openai-insecure-api-key.";

    /// <summary>Where Azure's clients put the key.</summary>
    public const string ApiKeyHeader = "api-key";

    /// <summary>Finds the key. False if there is none.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="key">The key, a part of a header's value: no copy is made.</param>
    /// <param name="inAuthorization">True if it stands in the only Authorization header, which can travel on as it is.</param>
    public static bool TryFind(IHeaderDictionary headers, out ReadOnlySpan<char> key, out bool inAuthorization)
    {
        key = headers.Authorization is [{ } authorization, ..] ? Token(authorization) : default;
        // A second header would travel unchecked; a bare key without "Bearer" gets its scheme.
        inAuthorization = !key.IsEmpty && headers.Authorization.Count == 1 && headers.Authorization[0]!.AsSpan().Trim().Contains(' ');
        if (!key.IsEmpty)
        {
            return true;
        }

        key = headers.TryGetValue(ApiKeyHeader, out var apiKey) && apiKey is [{ } text, ..] ? text.AsSpan().Trim() : default;
        return !key.IsEmpty || TryFindInSubprotocols(headers, out key);
    }

    // Clients without a configured key send an empty token, "Authorization: Bearer", which is none.
    private static ReadOnlySpan<char> Token(string authorization)
    {
        const string scheme = "Bearer";
        var text = authorization.AsSpan().Trim();
        if (!text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) || (text.Length > scheme.Length && !char.IsWhiteSpace(text[scheme.Length])))
        {
            return text;
        }

        return text[scheme.Length..].Trim();
    }

    private static bool TryFindInSubprotocols(IHeaderDictionary headers, out ReadOnlySpan<char> key)
    {
        foreach (var line in headers.SecWebSocketProtocol)
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
