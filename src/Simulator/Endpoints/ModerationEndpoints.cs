using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Endpoints;

/// <summary>Moderations: nothing is ever flagged, nothing is charged.</summary>
internal static class ModerationEndpoints
{
    private static readonly string[] Categories = ["harassment", "hate", "illicit", "self-harm", "sexual", "violence"];

    private static readonly string Result =
        $$$"""{"flagged":false,"categories":{{{{Members("false")}}}},"category_scores":{{{{Members("0.0001")}}}}}""";

    public static void MapModerations(this IEndpointRouteBuilder app) => app.MapPost("/v1/moderations", async context =>
    {
        var call = await CallReader.ReadAsync(context, modelNeeded: false);
        var model = call.Model.Length == 0 ? "omni-moderation-latest" : call.Model;
        await Reply.JsonAsync(
            context,
            $$"""{"id":"{{Ids.New("modr-")}}","model":{{Json.Quote(model)}},"results":{{Json.List(Enumerable.Repeat(Result, call.Inputs))}}}""");
    });

    private static string Members(string value) => string.Join(',', Categories.Select(c => $"\"{c}\":{value}"));
}
