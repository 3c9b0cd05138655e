using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Shapes;
using OpenAIProxy.Simulator.Sockets;
using OpenAIProxy.Simulator.Streaming;

namespace OpenAIProxy.Simulator.Endpoints;

/// <summary>The Responses API. Nothing is stored: any id is found, and its response is over.</summary>
internal static class ResponseEndpoints
{
    private const string DefaultModel = "gpt-5";

    public static void MapResponses(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/responses", PostAsync);
        app.MapMethods("/v1/responses", ["GET", "CONNECT"], GetAsync);
        app.MapGet("/v1/responses/{id}", GetOneAsync);
        app.MapPost("/v1/responses/{id}/cancel", context => Reply.JsonAsync(context, ResponseJson.Unfinished(
            Id(context), BackgroundIds.ModelOf(Id(context)) ?? DefaultModel, context.Behavior(), "cancelled", background: true)));
        app.MapDelete("/v1/responses/{id}", context =>
            Reply.JsonAsync(context, $$"""{"id":{{Json.Quote(Id(context))}},"object":"response","deleted":true}"""));
    }

    private static async Task PostAsync(HttpContext context)
    {
        var call = await CallReader.ReadAsync(context);
        var behavior = context.Behavior();
        var id = call.Background ? BackgroundIds.New(call.Model) : Ids.New("resp_");

        // What runs in the background has used nothing yet.
        behavior.Tally?.Begin(context, "responses", behavior.Answered(call.Model), call.Background && !call.Stream ? default : behavior.Tokens);
        await (call.Stream ? StreamAsync(context, id, call.Model, call.Background)
            : call.Background ? Reply.JsonAsync(context, ResponseJson.Unfinished(id, call.Model, behavior, "queued", background: true))
            : Reply.JsonAsync(context, ResponseJson.Of(id, call.Model, Words.Text, behavior)));
    }

    private static Task GetAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            throw new ApiException(
                StatusCodes.Status403Forbidden,
                "Your request to GET /v1/responses must be made with a session key (that is, it can only be made from the browser). You made it with the following key type: secret.",
                type: "server_error");
        }

        return context.Behavior().HasSockets
            ? ResponseSocket.RunAsync(context)
            : throw new ApiException(StatusCodes.Status405MethodNotAllowed, "Not allowed to GET on /v1/responses.");
    }

    private static Task GetOneAsync(HttpContext context)
    {
        var model = BackgroundIds.ModelOf(Id(context)) ?? DefaultModel;
        return context.Request.Query["stream"] == "true"
            ? StreamAsync(context, Id(context), model, background: true)
            : Reply.JsonAsync(context, ResponseJson.Of(Id(context), model, Words.Text, context.Behavior(), background: true));
    }

    private static Task StreamAsync(HttpContext context, string id, string model, bool background)
    {
        var behavior = context.Behavior();
        return behavior.ResponseStatus is "completed" or "incomplete" or "failed"
            ? EventStream.WriteAsync(context, behavior, new ResponseScript(id, model, behavior, background))
            : throw new ApiException(StatusCodes.Status400BadRequest, $"x-sim-response-status: no stream ends with '{behavior.ResponseStatus}'.");
    }

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;
}
