using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>All usage that gateways have reported. Safe for any number of callers, and in PostgreSQL for any number of services.</summary>
internal interface IUsageLedger
{
    /// <summary>Takes a batch, whole or not at all. False if one with its id was taken before: nothing is added then.</summary>
    public Task<bool> AddAsync(UsageBatch batch, CancellationToken cancellationToken);

    /// <summary>
    /// Usage by UTC day and all that prices depend on. <see cref="UsageDimensions.Hour"/> is the first hour of the day: prices change at midnight UTC.
    /// </summary>
    public Task<IReadOnlyList<UsageRow>> ReadAsync(LedgerQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// The histograms of the same calls, by day, model, and what the query keeps apart: rows with only these dimensions set
    /// (the others empty), no counts, and <see cref="UsageRow.Duration"/> and <see cref="UsageRow.FirstToken"/>.
    /// </summary>
    public Task<IReadOnlyList<UsageRow>> ReadLatencyAsync(LedgerQuery query, CancellationToken cancellationToken);

    /// <summary>True if any usage of this key is known.</summary>
    public Task<bool> KnowsKeyAsync(string key, CancellationToken cancellationToken);
}
