namespace OpenAIProxy.BillingService.Reports;

/// <summary>The ledger's usage, grouped and priced.</summary>
internal interface IUsageReports
{
    /// <summary>
    /// A report's rows, by day, then model, endpoint, key, as they are read: however many there are, none is kept. Days without usage have no row.
    /// </summary>
    /// <param name="scope">Whose usage of which days.</param>
    /// <param name="groupBy">What the rows are kept apart by.</param>
    /// <param name="total">All of it, once the last row has been read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public IAsyncEnumerable<UsageReportRow> RowsAsync(ReportScope scope, GroupBy groupBy, FiguresSum total, CancellationToken cancellationToken);

    /// <summary>A whole report. Only for groups of which there are few: names that callers make up may be many.</summary>
    public Task<UsageReport> CreateAsync(ReportScope scope, GroupBy groupBy, CancellationToken cancellationToken);

    /// <summary>The dearest groups, and all others as one.</summary>
    /// <param name="scope">Whose usage of which days.</param>
    /// <param name="groupBy">What makes a group; not the day.</param>
    /// <param name="most">How many are told apart.</param>
    /// <param name="timed">True if it is to be told how long calls took, which costs as much again.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<Ranking> RankAsync(ReportScope scope, GroupBy groupBy, int most, bool timed, CancellationToken cancellationToken);
}
