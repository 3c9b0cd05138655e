using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Endpoints;

/// <summary>Batches: any id is found, and its batch is over.</summary>
internal static class BatchEndpoints
{
    public static void MapBatches(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/batches", context => Reply.JsonAsync(context, Object(context, Ids.New("batch_"), "validating", "null", "null")));
        app.MapGet("/v1/batches", context => Reply.JsonAsync(context, $$"""{"object":"list","data":[{{Completed(context, "batch_simulated")}}],"has_more":false}"""));
        app.MapGet("/v1/batches/{id}", context => Reply.JsonAsync(context, Completed(context, Id(context))));
        app.MapPost("/v1/batches/{id}/cancel", context => Reply.JsonAsync(context, Object(context, Id(context), "cancelling", "null", "null")));
    }

    private static string Completed(HttpContext context, string id)
        => Object(context, id, "completed", "\"file-simulated\"", UsageJson.Response(context.Behavior().Tokens));

    private static string Object(HttpContext context, string id, string status, string outputFile, string usage) =>
        $$$"""{"id":{{{Json.Quote(id)}}},"object":"batch","endpoint":"/v1/chat/completions","errors":null,"input_file_id":"file-simulated","completion_window":"24h","status":"{{{status}}}","output_file_id":{{{outputFile}}},"error_file_id":null,"created_at":{{{Ids.Now()}}},"request_counts":{"total":1,"completed":1,"failed":0},"usage":{{{usage}}},"metadata":null,"model":{{{Json.Quote(context.Behavior().Answered("gpt-5"))}}}}""";

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;
}
