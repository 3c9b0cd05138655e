using OpenAIProxy.Gateway.Paths;

namespace OpenAIProxy.Gateway.Access;

/// <summary>The paths that are closed to callers who use the operator's key, of OpenAI and of servers that are compatible with it.</summary>
internal static class AccountPathTable
{
    /// <summary>The paths, in the order of the list in docs/access.md.</summary>
    public static IReadOnlyList<ClosedPath> Closed { get; } =
    [
        // OpenAI's administration, and what its browser pages ask.
        ClosedPath.Account("/organization"),
        ClosedPath.Account("/organizations"),
        ClosedPath.Account("/projects"),
        ClosedPath.Account("/usage"),
        ClosedPath.Account("/me"),
        ClosedPath.Account("/dashboard"),
        ClosedPath.Account("/billing"),
        ClosedPath.Account("/login"),
        ClosedPath.Account("/logout"),
        ClosedPath.Account("/onboarding"),
        ClosedPath.Account("/rate_limits"),
        ClosedPath.Account("/fine_tuning/checkpoints/{model}/permissions"),
        // The same of compatible servers: OpenRouter, DeepSeek, Moonshot, SiliconFlow, new-api, LiteLLM, xAI.
        ClosedPath.Account("/account"),
        ClosedPath.Account("/accounts"),
        ClosedPath.Account("/activity"),
        ClosedPath.Account("/admin"),
        ClosedPath.Account("/api-key"),
        ClosedPath.Account("/api-keys"),
        ClosedPath.Account("/api_keys"),
        ClosedPath.Account("/auth"),
        ClosedPath.Account("/balance"),
        ClosedPath.Account("/budget"),
        ClosedPath.Account("/config"),
        ClosedPath.Account("/credentials"),
        ClosedPath.Account("/credits"),
        ClosedPath.Account("/customer"),
        ClosedPath.Account("/global/spend"),
        ClosedPath.Account("/invites"),
        ClosedPath.Account("/key"),
        ClosedPath.Account("/keys"),
        ClosedPath.Account("/oauth"),
        ClosedPath.Account("/service_accounts"),
        ClosedPath.Account("/spend"),
        ClosedPath.Account("/subscription"),
        ClosedPath.Account("/team"),
        ClosedPath.Account("/token"),
        ClosedPath.Account("/user"),
        ClosedPath.Account("/users"),
        // A secret for a session, or a session whose media don't come this way.
        ClosedPath.Session("/realtime"),
        ClosedPath.Session("/realtime/client_secrets"),
        ClosedPath.Session("/realtime/translations/client_secrets"),
        ClosedPath.Session("/realtime/sessions"),
        ClosedPath.Session("/realtime/transcription_sessions"),
        ClosedPath.Session("/realtime/calls"),
        ClosedPath.Session("/realtime/calls/{id}/accept"),
        ClosedPath.Session("/realtimeapi/sessions"),
        ClosedPath.Session("/realtimertc"),
        ClosedPath.Session("/live/client_secrets"),
        ClosedPath.Session("/live/sessions"),
        ClosedPath.Session("/live/sessions/{id}/accept"),
        ClosedPath.Session("/live/sessions/{id}/fork"),
        ClosedPath.Session("/chatkit/sessions"),
        ClosedPath.Session("/auth_tokens"),
    ];

    /// <summary>
    /// True for a call of a model at Google's OpenAI-compatible endpoint, where a project is part of every path:
    /// <c>/projects/p/locations/l/endpoints/openapi/chat/completions</c>. It is metered as such, and shows nothing of the account.
    /// </summary>
    public static bool IsModelCall(ReadOnlySpan<char> path)
    {
        path = path.TrimEnd('/');
        return PathSegments.TryCut(ref path, out var family) && family.Equals("projects", StringComparison.OrdinalIgnoreCase)
            && PathSegments.TryCut(ref path, out _)
            && PathSegments.TryCut(ref path, out var locations) && locations.Equals("locations", StringComparison.OrdinalIgnoreCase)
            && (path.EndsWith("/openapi/chat/completions", StringComparison.OrdinalIgnoreCase)
                || path.EndsWith("/openapi/embeddings", StringComparison.OrdinalIgnoreCase));
    }
}
