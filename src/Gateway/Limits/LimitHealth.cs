using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenAIProxy.Gateway.Limits.Stores;
using OpenAIProxy.Gateway.Limits.Stores.Shared;

namespace OpenAIProxy.Gateway.Limits;

/// <summary>Limits that are counted without their Redis are <em>degraded</em>.</summary>
internal sealed class LimitHealth(ILimitStore store) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(store is SharedLimitStore { IsAway: true }
            ? HealthCheckResult.Degraded("Limits are counted without Redis, which is unreachable (Limits:OnStoreFailure)")
            : HealthCheckResult.Healthy());
}
