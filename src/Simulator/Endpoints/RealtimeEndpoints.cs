using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Sockets;

namespace OpenAIProxy.Simulator.Endpoints;

/// <summary>The Realtime API over WebSockets.</summary>
internal static class RealtimeEndpoints
{
    public static void MapRealtime(this IEndpointRouteBuilder app) => app.MapMethods(
        "/v1/realtime",
        ["GET", "CONNECT"],
        context => context.WebSockets.IsWebSocketRequest
            ? RealtimeSocket.RunAsync(context)
            : throw new ApiException(StatusCodes.Status400BadRequest, "This path needs a WebSocket."));
}
