using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OpenAIProxy.ServiceDefaults.Configuration.Reload;

/// <summary>Degraded while changed settings wait for their cure. Which they are, and what cures them, is in the log.</summary>
internal sealed class SettingsCheck(SettingsReload reload) : IHealthCheck
{
    private static readonly Task<HealthCheckResult> Used = Task.FromResult(HealthCheckResult.Healthy());
    private static readonly Task<HealthCheckResult> Refused =
        Task.FromResult(HealthCheckResult.Degraded("The settings have changed and can't be used; the earlier ones are in force"));

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => reload.IsRefused ? Refused : Used;
}
