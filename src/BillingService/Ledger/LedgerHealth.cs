using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenAIProxy.BillingService.Ledger.Storage;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>The ledger away is <em>degraded</em>: upstream's answers still come, and gateways keep their usage until it is back.</summary>
internal sealed class LedgerHealth(ILedgerDatabase database, LedgerState state) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await state.RunAsync(AskAsync, patience.Token);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is LedgerAwayException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return HealthCheckResult.Degraded("The ledger is away");
        }
    }

    private async Task<long> AskAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(
            new CommandDefinition("SELECT max(version) FROM usage_version", cancellationToken: cancellationToken));
    }
}
