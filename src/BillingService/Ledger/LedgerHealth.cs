using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenAIProxy.BillingService.Ledger.Storage;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>
/// Degraded while the ledger can't be written: upstream's answers still come, and gateways keep their usage. Checks what a write needs. Once a
/// write has failed, the next write of usage decides, or a probe if none was tried for a minute.
/// </summary>
internal sealed class LedgerHealth(ILedgerDatabase database, LedgerState state, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var reason = state.Reason;
        if (!state.IsReady)
        {
            return Degraded(reason);
        }

        using var limit = new CancellationTokenSource(Patience, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            if (await database.TryProbeAsync(write: reason is not null, patience.Token).WaitAsync(Patience, time, cancellationToken) && reason is not null)
            {
                state.Probed();
            }

            return state.Reason is { } still ? Degraded(still) : HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is NewerLedgerException || LedgerState.IsFailure(e))
        {
            return Degraded(LedgerFailure.Describe(e));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Degraded(reason ?? "its database does not answer");
        }
    }

    private static HealthCheckResult Degraded(string? reason) => HealthCheckResult.Degraded($"The ledger takes no usage: {reason ?? "its database is not available"}");
}
