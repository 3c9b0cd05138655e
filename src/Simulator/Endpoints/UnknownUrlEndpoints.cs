using Microsoft.AspNetCore.Http.Features;
using OpenAIProxy.Simulator.Pipeline;

namespace OpenAIProxy.Simulator.Endpoints;

/// <summary>Everything else is 404, as OpenAI says it.</summary>
internal static class UnknownUrlEndpoints
{
    public static void MapUnknownUrls(this IEndpointRouteBuilder app)
        => app.MapFallback("{**path}", (HttpContext context) => throw new ApiException(
            StatusCodes.Status404NotFound,
            $"Invalid URL ({context.Request.Method} {context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0]})",
            code: "unknown_url"));
}
