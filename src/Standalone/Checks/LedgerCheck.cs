using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Ledger.Storage;

namespace OpenAIProxy.Standalone.Checks;

/// <summary>Whether the ledger that is there can be written. Nothing is changed: a ledger of an earlier release stays one.</summary>
internal sealed class LedgerCheck(ILedgerDatabase database, LedgerSettings settings)
{
    private const string Topic = "data";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Looks at it. Nothing is found where a start makes it.</summary>
    public async Task<IReadOnlyList<Finding>> FindAsync(CancellationToken cancellationToken)
    {
        if (settings.ConnectionString is null && !Path.Exists(settings.File))
        {
            return [];
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await Migrations.CheckLatestAsync(database, limit.Token);
            await database.TryProbeAsync(write: false, limit.Token);
            return [Finding.Ok(Topic, $"The ledger ({settings}) can be written.")];
        }
        catch (OlderLedgerException)
        {
            return [Finding.Ok(Topic, $"The ledger ({settings}) lacks tables of this release: the start makes them.")];
        }
        catch (Exception e) when (e is NewerLedgerException or OperationCanceledException || LedgerState.IsFailure(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return [Finding.Error(Topic, $"The ledger ({settings}) can't be written: {LedgerFailure.Describe(e)}.")];
        }
    }
}
