using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Endpoints;

/// <summary>The list of models.</summary>
internal static class ModelEndpoints
{
    private static readonly string[] GetAndHead = ["GET", "HEAD"];

    public static void MapModels(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/v1/models", GetAndHead, context =>
            Reply.JsonAsync(context, $$"""{"object":"list","data":{{Json.List(Models.All.Select(Models.Object))}}}"""));
        app.MapMethods("/v1/models/{id}", GetAndHead, context =>
        {
            var id = (string)context.Request.RouteValues["id"]!;
            return Models.All.Contains(id)
                ? Reply.JsonAsync(context, Models.Object(id))
                : throw new ApiException(StatusCodes.Status404NotFound, $"The model '{id}' does not exist", param: "model", code: "model_not_found");
        });
    }
}
