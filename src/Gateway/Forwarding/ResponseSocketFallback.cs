using System.Net;
using OpenAIProxy.Gateway.Paths;
using OpenAIProxy.ServiceDefaults.Errors;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>
/// Codex opens a WebSocket at <c>/v1/responses</c>. On 426 it goes over to HTTP at once and stays there; on 404 or 405, which upstreams without
/// WebSockets say, it tries five times more first.
/// </summary>
internal static class ResponseSocketFallback
{
    /// <summary>True if the upstream has no WebSocket for responses.</summary>
    public static bool IsNeeded(HttpContext context, RequestPath path, HttpResponseMessage answer)
        => answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed
            && WebSockets.IsOpening(context)
            && path.Value.AsSpan().TrimEnd('/').EndsWith("/responses", StringComparison.OrdinalIgnoreCase);

    /// <summary>Answers in place of the upstream. False, since nothing of its own answer goes on.</summary>
    public static async ValueTask<bool> AnswerAsync(HttpContext context)
    {
        // RFC 9110, 15.5.22: what the client is to use stands in Upgrade.
        context.Response.Headers.Upgrade = "HTTP/1.1";
        context.Response.Headers.Connection = "Upgrade";
        await OpenAIError.WriteAsync(context, StatusCodes.Status426UpgradeRequired, "websocket_not_supported",
            new ErrorText(
                "The upstream has no WebSocket at this path. Send the request as POST, and read its answer as events.",
                "上游在这个路径没有 WebSocket。请用 POST 发送请求，并以事件流读取响应。"));
        return false;
    }
}
