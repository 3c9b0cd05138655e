namespace OpenAIProxy.BillingService.Reports;

/// <summary>The ledger's usage, grouped and priced.</summary>
internal interface IUsageReports
{
    /// <summary>A report.</summary>
    /// <param name="key">Whose usage: a key's id; null for all keys.</param>
    /// <param name="start">The first UTC day.</param>
    /// <param name="end">The day after the last.</param>
    /// <param name="groupBy">What the rows are kept apart by.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<UsageReport> CreateAsync(string? key, DateOnly start, DateOnly end, GroupBy groupBy, CancellationToken cancellationToken);

    /// <summary>Reports on the same usage, read and priced once: one for each of <paramref name="groupings"/>.</summary>
    public Task<IReadOnlyList<UsageReport>> CreateAsync(
        string? key, DateOnly start, DateOnly end, IReadOnlyList<GroupBy> groupings, CancellationToken cancellationToken);
}
