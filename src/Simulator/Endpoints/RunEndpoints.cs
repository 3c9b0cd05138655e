using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Endpoints;

/// <summary>Runs of the Assistants API. Nothing is stored: any id is found, and its run is over.</summary>
internal static class RunEndpoints
{
    private const string DefaultModel = "gpt-4o";

    public static void MapRuns(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/threads/runs", context => Reply.JsonAsync(context, Object(context, Ids.New("run_"), "queued", "null")));
        app.MapPost("/v1/threads/{thread}/runs", context => Reply.JsonAsync(context, Object(context, Ids.New("run_"), "queued", "null")));
        app.MapGet("/v1/threads/{thread}/runs/{id}", context => Reply.JsonAsync(
            context, Object(context, (string)context.Request.RouteValues["id"]!, "completed", UsageJson.Run(context.Behavior().Tokens))));
    }

    private static string Object(HttpContext context, string id, string status, string usage) =>
        $$"""{"id":{{Json.Quote(id)}},"object":"thread.run","created_at":{{Ids.Now()}},"thread_id":{{Json.Quote((string?)context.Request.RouteValues["thread"] ?? "thread_simulated")}},"assistant_id":"asst_simulated","status":"{{status}}","model":{{Json.Quote(context.Behavior().Answered(DefaultModel))}},"instructions":null,"tools":[],"metadata":{},"usage":{{usage}}}""";
}
