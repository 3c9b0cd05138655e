using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OpenAIProxy.ServiceDefaults.Redis;

/// <summary>An unreachable Redis is <em>degraded</em>: every answer still comes, only slower.</summary>
internal sealed class RedisHealth(RedisConnection redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!redis.IsConfigured)
        {
            return HealthCheckResult.Healthy("not configured");
        }

        var (done, _) = await redis.TryAsync(database => database.PingAsync(), cancellationToken);
        return done ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded("Redis is unreachable");
    }
}
