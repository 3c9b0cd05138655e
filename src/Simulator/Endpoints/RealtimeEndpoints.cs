using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Sockets;

namespace OpenAIProxy.Simulator.Endpoints;

/// <summary>Sessions over WebSockets: the Realtime API and the Live API.</summary>
internal static class RealtimeEndpoints
{
    private static readonly string[] Opening = ["GET", "CONNECT"];

    public static void MapRealtime(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/v1/realtime", Opening, context => SocketAsync(context, RealtimeSocket.RunAsync));
        app.MapMethods("/v1/live/sessions", Opening, context => SocketAsync(context, LiveSocket.RunAsync));
    }

    private static Task SocketAsync(HttpContext context, Func<HttpContext, Task> run) => context.WebSockets.IsWebSocketRequest
        ? run(context)
        : throw new ApiException(StatusCodes.Status400BadRequest, "This path needs a WebSocket.");
}
