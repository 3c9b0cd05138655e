using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenAIProxy.UsageJournal;

namespace OpenAIProxy.Gateway.Metering;

/// <summary>
/// A journal that can't be written is <em>degraded</em>, for usage is in memory only; and <em>unhealthy</em> where calls are refused for it
/// (<c>Metering:RequireJournal</c>).
/// </summary>
internal sealed class JournalHealth(Journal journal, MeteringSettings settings) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (settings.RequireJournal && !journal.IsWritable)
        {
            return HealthCheckResult.Unhealthy("Calls are refused, since the journal can't be written (Metering:RequireJournal is true)");
        }

        return journal.IsBroken ? HealthCheckResult.Degraded("The journal can't be written; usage is kept in memory") : HealthCheckResult.Healthy();
    }
}
