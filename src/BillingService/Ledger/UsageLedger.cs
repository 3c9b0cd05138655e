using System.Runtime.CompilerServices;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.BillingService.Ledger.Writing;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>All usage that gateways have reported. Safe for any number of callers, and in PostgreSQL for any number of services.</summary>
internal sealed class UsageLedger(ILedgerDatabase database, LedgerState state, LedgerDamage damage, TimeProvider time)
{
    private const int BlockRows = 128;

    private readonly BatchQueue _queue = new(new BatchWriter(database, damage, time).TakeAsync);

    /// <summary>Takes a batch, whole or not at all. False if one with its id was taken before: nothing is added then.</summary>
    public async Task<bool> AddAsync(UsageBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            var rows = CleanNames.Of(batch.Rows);
            var added = await state.WriteAsync(token => _queue.AddAsync(batch with { Rows = rows }, token), cancellationToken);
            LedgerTelemetry.Taken(added, batch.Rows.Count);
            return added;
        }
        catch (Exception e) when (e is LedgerAwayException or OperationCanceledException)
        {
            LedgerTelemetry.Refused();
            throw;
        }
    }

    /// <summary>
    /// Usage by UTC day, or by the hour with <see cref="LedgerQuery.Days"/>, and all that prices depend on; there may be several rows of one kind.
    /// <see cref="UsageDimensions.Hour"/> of a day is its first hour: prices change at midnight UTC. The rows come as they are read, however many there are.
    /// </summary>
    public IAsyncEnumerable<UsageRow> RowsAsync(LedgerQuery query, CancellationToken cancellationToken)
        => StreamAsync(token => LedgerReader.OpenRowsAsync(database, query, token), cancellationToken);

    /// <summary>How long the same calls took, in the same order.</summary>
    public IAsyncEnumerable<LatencyRow> TimesAsync(LedgerQuery query, CancellationToken cancellationToken)
        => StreamAsync(token => LedgerReader.OpenTimesAsync(database, query, token), cancellationToken);

    /// <summary>True if any usage of this key is known.</summary>
    public Task<bool> KnowsKeyAsync(string key, CancellationToken cancellationToken)
        => state.RunAsync(token => LedgerReader.KnowsKeyAsync(database, key, token), cancellationToken);

    /// <summary>What is known of <paramref name="keys"/>, by their ids; those of which nothing is are missing.</summary>
    public Task<Dictionary<string, KeyLabel>> LabelsAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
        => state.RunAsync(token => LabelReader.FindAsync(database, keys, token), cancellationToken);

    /// <summary>The names of all keys that have one, by the keys' ids: those that operators gave away, at most some thousands.</summary>
    public Task<Dictionary<string, string>> KeyNamesAsync(CancellationToken cancellationToken)
        => state.RunAsync(token => LabelReader.NamesAsync(database, token), cancellationToken);

    private async IAsyncEnumerable<T> StreamAsync<T>(
        Func<CancellationToken, Task<LedgerStream<T>>> open, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = await state.RunAsync(open, cancellationToken);
        var block = new T[BlockRows];
        int count;
        while ((count = await state.RunAsync(token => stream.FillAsync(block, token), cancellationToken)) > 0)
        {
            for (var i = 0; i < count; i++)
            {
                yield return block[i];
            }
        }
    }
}
