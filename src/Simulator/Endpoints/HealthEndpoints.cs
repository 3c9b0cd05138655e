namespace OpenAIProxy.Simulator.Endpoints;

/// <summary>The simulator is well as long as it answers.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        foreach (var path in new[] { "/healthz", "/health/live", "/health/ready" })
        {
            app.MapGet(path, context => context.Response.WriteAsync("Healthy"));
        }
    }
}
