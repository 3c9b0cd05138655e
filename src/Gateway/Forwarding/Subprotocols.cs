using Microsoft.Extensions.Primitives;
using OpenAIProxy.Gateway.Access;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>A WebSocket's offered subprotocols, without those that are credentials: they travel as headers.</summary>
internal static class Subprotocols
{
    /// <summary>
    /// <c>realtime, openai-insecure-api-key.sk-…, openai-beta.realtime-v1</c> becomes <c>realtime, openai-beta.realtime-v1</c>; with the
    /// operator's key the entries that choose an account go too.
    /// </summary>
    public static void Clean(IHeaderDictionary headers, bool usesOperatorKey)
    {
        if (headers.SecWebSocketProtocol is not { Count: > 0 } offered)
        {
            return;
        }

        var kept = offered.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(p => !Has(p, RequestCredential.SubprotocolPrefix)
                && !(usesOperatorKey && (Has(p, "openai-organization.") || Has(p, "openai-project."))));
        headers.SecWebSocketProtocol = string.Join(", ", kept) is { Length: > 0 } text ? text : StringValues.Empty;
    }

    private static bool Has(string protocol, string prefix) => protocol.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
}
