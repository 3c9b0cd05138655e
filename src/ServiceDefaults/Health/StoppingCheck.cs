using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace OpenAIProxy.ServiceDefaults.Health;

/// <summary>Not ready once the service was told to stop, so that load balancers send nothing more. It is alive all the same.</summary>
internal sealed class StoppingCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    private static readonly Task<HealthCheckResult> Running = Task.FromResult(HealthCheckResult.Healthy());
    private static readonly Task<HealthCheckResult> Stopping = Task.FromResult(HealthCheckResult.Unhealthy("stopping"));

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => lifetime.ApplicationStopping.IsCancellationRequested ? Stopping : Running;
}
