using Microsoft.AspNetCore.Http.Features;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Tells the opening of a WebSocket from a request.</summary>
internal static class WebSockets
{
    /// <summary>True if the request opens a WebSocket, over HTTP/1.1 or over HTTP/2.</summary>
    public static bool IsOpening(HttpContext context)
        => context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
}
