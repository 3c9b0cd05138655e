using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Writing;

/// <summary>Adds batches to the tables, several in one transaction: one of a service at a time, beside those of other services.</summary>
internal sealed class BatchWriter(ILedgerDatabase database, LedgerDamage damage, TimeProvider time)
{
    private readonly Interning _interning = new();

    /// <summary>Takes batches, all or none.</summary>
    /// <param name="next">Called when the transaction has begun: the batches.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>For each batch whether it was new; of several with one id one is.</returns>
    public async Task<bool[]> TakeAsync(Func<IReadOnlyList<UsageBatch>> next, CancellationToken cancellationToken)
    {
        try
        {
            return await WriteAsync(next, cancellationToken);
        }
        catch
        {
            _interning.ForgetCache();
            throw;
        }
    }

    // Others do the same at the same time. All use the tables in this order, and the rows of each in that of their key: who waits for a row holds
    // none that comes behind it.
    private async Task<bool[]> WriteAsync(Func<IReadOnlyList<UsageBatch>> next, CancellationToken cancellationToken)
    {
        await using var transaction = await Migrations.BeginSharedAsync(database, cancellationToken);
        var batches = next();
        var isNew = await BatchIds.TakeAsync(transaction, batches, time.GetUtcNow(), cancellationToken);
        var taken = batches.Where((_, i) => isNew[i]).ToArray();
        if (taken.Length == 0)
        {
            // Duplicate batches: commit the empty transaction, which waits for the disk too, as who took them may still do.
            await transaction.CommitAsync(cancellationToken);
            return isNew;
        }

        IReadOnlyList<UsageRow> rows = taken is [var only] ? only.Rows : [.. taken.SelectMany(batch => batch.Rows)];
        rows = await CompletionWindows.ApplyAsync(transaction, rows, cancellationToken);
        rows = await OnceIds.TakeAsync(transaction, rows, cancellationToken);
        var ids = await _interning.ResolveAsync(transaction, rows, cancellationToken);
        await LabelWriter.WriteAsync(transaction, taken, cancellationToken);
        // Last, for these are the rows that many share.
        await new BatchSums(rows, ids).WriteAsync(transaction, damage, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        // Now that it is on the disk: what a crash takes back must not be remembered.
        _interning.Keep();
        return isNew;
    }
}
