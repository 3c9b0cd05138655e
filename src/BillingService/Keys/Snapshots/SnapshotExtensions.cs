using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Keys.Snapshots;

internal static class SnapshotExtensions
{
    public static void AddKeySnapshots(this IServiceCollection services)
    {
        services.AddSingleton<KeyWatch>();
        services.AddSingleton<SnapshotEndpoint>();
    }

    /// <summary>Maps <c>GET /internal/keys</c>. Whoever maps it says who may call it.</summary>
    public static RouteHandlerBuilder MapKeySnapshots(this IEndpointRouteBuilder routes)
        => routes.MapGet(KeySnapshot.Path, (HttpContext context, SnapshotEndpoint snapshots) => snapshots.GetAsync(context))
            // The wait says nothing about how long answers take.
            .DisableHttpMetrics();
}
