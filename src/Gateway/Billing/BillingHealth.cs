using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OpenAIProxy.Gateway.Billing;

/// <summary>
/// A billing service that is unreachable, or refuses this gateway's usage, is <em>degraded</em>: calls go on, and the journal keeps their usage. Judged by
/// what became of the last usage, and where that says nothing, by whether the service answers.
/// </summary>
internal sealed class BillingHealth(BillingState state, BillingProbe probe) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => (state.Reason ?? await probe.AskAsync(Patience, cancellationToken)) is { } reason
            ? HealthCheckResult.Degraded(reason)
            : HealthCheckResult.Healthy();
}
