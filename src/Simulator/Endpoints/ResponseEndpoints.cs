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
        app.MapDelete("/v1/responses/{id}", context =>
            Reply.JsonAsync(context, $$"""{"id":{{Json.Quote(Id(context))}},"object":"response","deleted":true}"""));
    }

    private static async Task PostAsync(HttpContext context)
    {
        var call = await CallReader.ReadAsync(context);
        var id = Ids.New("resp_");
        await (call.Stream ? StreamAsync(context, id, call.Model)
            : call.Background ? Reply.JsonAsync(context, ResponseJson.Unfinished(id, call.Model, "queued", background: true))
            : Reply.JsonAsync(context, ResponseJson.Completed(id, call.Model, Words.Text, context.Behavior().Tokens)));
    }

    private static Task GetAsync(HttpContext context) => context.WebSockets.IsWebSocketRequest
        ? ResponseSocket.RunAsync(context)
        : throw new ApiException(
            StatusCodes.Status403Forbidden,
            "Your request to GET /v1/responses must be made with a session key (that is, it can only be made from the browser). You made it with the following key type: secret.",
            type: "server_error");

    private static Task GetOneAsync(HttpContext context) => context.Request.Query["stream"] == "true"
        ? StreamAsync(context, Id(context), DefaultModel)
        : Reply.JsonAsync(context, ResponseJson.Completed(Id(context), DefaultModel, Words.Text, context.Behavior().Tokens, background: true));

    private static Task StreamAsync(HttpContext context, string id, string model) =>
        EventStream.WriteAsync(context, context.Behavior(), new ResponseScript(id, model, context.Behavior()));

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;
}
