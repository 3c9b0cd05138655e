using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>All usage that gateways have reported. Safe for any number of callers, and in PostgreSQL for any number of services.</summary>
internal interface IUsageLedger
{
    /// <summary>Takes a batch, whole or not at all. False if one with its id was taken before: nothing is added then.</summary>
    public Task<bool> AddAsync(UsageBatch batch, CancellationToken cancellationToken);

    /// <summary>
    /// Usage by UTC day and all that prices depend on; there may be several rows of one kind. <see cref="UsageDimensions.Hour"/> is the first
    /// hour of the day: prices change at midnight UTC. The rows come as they are read, however many there are.
    /// </summary>
    public IAsyncEnumerable<UsageRow> RowsAsync(LedgerQuery query, CancellationToken cancellationToken);

    /// <summary>How long the same calls took, in the same order.</summary>
    public IAsyncEnumerable<LatencyRow> TimesAsync(LedgerQuery query, CancellationToken cancellationToken);

    /// <summary>True if any usage of this key is known.</summary>
    public Task<bool> KnowsKeyAsync(string key, CancellationToken cancellationToken);
}
