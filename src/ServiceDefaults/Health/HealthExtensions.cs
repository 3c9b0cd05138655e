using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenAIProxy.ServiceDefaults.Telemetry;

namespace OpenAIProxy.ServiceDefaults.Health;

/// <summary>Health in every environment: orchestrators ask in production most of all.</summary>
internal static class HealthExtensions
{
    public static void AddHealth(this IServiceCollection services)
        => services.AddHealthChecks()
            .AddCheck("self", () => HealthCheckResult.Healthy(), tags: ["live"])
            .AddCheck<StoppingCheck>("stopping");

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        // live: this process answers; restart it if not. ready: it can do its work; degraded (200) still can.
        Map(routes, "/health/live", new HealthCheckOptions { Predicate = check => check.Tags.Contains("live"), ResponseWriter = HealthText.WriteAsync });
        Map(routes, "/health/ready", new HealthCheckOptions { ResponseWriter = HealthText.WriteAsync });
        Map(routes, "/healthz", new HealthCheckOptions { ResponseWriter = HealthText.WriteAsync });
    }

    private static void Map(IEndpointRouteBuilder routes, string path, HealthCheckOptions options)
        => routes.MapHealthChecks(path, options).DisableHttpMetrics().Add(endpoint =>
        {
            var check = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context =>
            {
                context.LeaveOutOfTraces();
                return check(context);
            };
        });
}
