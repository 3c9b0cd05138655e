using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.BillingService.Ledger.Writing;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>The ledger in a database.</summary>
internal sealed class UsageLedger(ILedgerDatabase database, LedgerState state, TimeProvider time) : IUsageLedger
{
    private readonly Interning _interning = new();

    public async Task<bool> AddAsync(UsageBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            var rows = CleanNames.Of(batch.Rows);
            var added = await state.WriteAsync(token => TryTakeAsync(batch.Id, rows, token), cancellationToken);
            LedgerTelemetry.Taken(added, batch.Rows.Count);
            return added;
        }
        catch (Exception e) when (e is LedgerAwayException or OperationCanceledException)
        {
            LedgerTelemetry.Refused();
            throw;
        }
    }

    public Task<IReadOnlyList<UsageRow>> ReadAsync(LedgerQuery query, CancellationToken cancellationToken)
        => state.RunAsync(token => LedgerReader.ReadAsync(database.Source, query, token), cancellationToken);

    public Task<IReadOnlyList<UsageRow>> ReadLatencyAsync(LedgerQuery query, CancellationToken cancellationToken)
        => state.RunAsync(token => LedgerReader.ReadLatencyAsync(database.Source, query, token), cancellationToken);

    public Task<bool> KnowsKeyAsync(string key, CancellationToken cancellationToken)
        => state.RunAsync(token => LedgerReader.KnowsKeyAsync(database.Source, key, token), cancellationToken);

    private async Task<bool> TryTakeAsync(Guid id, IReadOnlyList<UsageRow> rows, CancellationToken cancellationToken)
    {
        try
        {
            return await TakeAsync(id, rows, cancellationToken);
        }
        catch
        {
            _interning.Doubt();
            throw;
        }
    }

    private async Task<bool> TakeAsync(Guid id, IReadOnlyList<UsageRow> rows, CancellationToken cancellationToken)
    {
        await using var turn = await Migrations.BeginAsync(database, cancellationToken);
        Column[] batch = [new("id", new[] { id.ToByteArray(bigEndian: true) }), new("taken", new[] { time.GetUtcNow().ToUnixTimeSeconds() })];
        if (await turn.InsertAsync("usage_batch", "ON CONFLICT DO NOTHING", batch, cancellationToken) == 0)
        {
            // It did nothing, in good order.
            await turn.CommitAsync(cancellationToken);
            return false;
        }

        rows = await CompletionWindows.ApplyAsync(turn, rows, cancellationToken);
        rows = await OnceIds.TakeAsync(turn, rows, cancellationToken);
        var ids = await _interning.ResolveAsync(turn, rows, cancellationToken);
        await new BatchSums(rows, ids).WriteAsync(turn, cancellationToken);
        await turn.CommitAsync(cancellationToken);
        _interning.Keep();
        return true;
    }
}
