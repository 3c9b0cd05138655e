using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>
/// The three questions answered from the ledger: by usage that was counted here, priced at its date. Never cached: a call that has
/// ended a moment ago is in it. A key without usage has used nothing, which is an answer.
/// </summary>
internal sealed class LedgerAnswers(UsageReports reports, TimeProvider time)
{
    private const int MostModels = 100;

    private static readonly DateOnly First = DateOnly.FromDateTime(DateTime.UnixEpoch);

    /// <summary>What may be spent: the one place that a budget would come from. There are none yet.</summary>
    private static Subscription Limit => Queries.Subscription.WithoutLimit;

    /// <summary>What was granted to <paramref name="key"/> (null: to all keys) and used, in dollars. Windows as upstream's are cut.</summary>
    public async Task<Answer> CreditGrantsAsync(string? key, IQueryCollection query, CancellationToken cancellationToken)
    {
        var range = QueryDates.Inclusive(query, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        var report = await reports.CreateAsync(new ReportScope(key, range.Start, range.End), GroupBy.Day, cancellationToken);
        var used = range.Windows().Select(window => (window, Money.Cents(report.Rows.Where(row => IsIn(row, window)).Sum(row => row.Figures.Dollars ?? 0m))));
        return Answer(CreditSummary.Write(range, [.. used], Limit, report.Total));
    }

    /// <summary>Costs by day, in cents.</summary>
    public Answer Usage(string? key, IQueryCollection query, CancellationToken cancellationToken)
    {
        var range = QueryDates.HalfOpen(query);
        var total = new FiguresSum();
        var rows = reports.RowsAsync(
            new ReportScope(key, range.Start, range.End), GroupBy.Day | GroupBy.Model, total, timed: false, cancellationToken);
        return Answer(default) with { Write = body => LedgerUsage.WriteAsync(body, range, rows, total) };
    }

    /// <summary>What a key has used since the ledger began, as readers of balances look for it.</summary>
    public async Task<Answer> BalanceAsync(string? key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var end = DateOnly.FromDateTime(now.UtcDateTime).AddDays(2);
        return Answer(Balance.Write(await reports.RankAsync(new ReportScope(key, First, end), GroupBy.Model, MostModels, timed: true, cancellationToken), now));
    }

    public Answer Subscription() => Answer(Limit.ToJson(AnswerSource.Ledger));

    private static bool IsIn(UsageReportRow row, DateRange window) => row.Day >= window.Start && row.Day < window.End;

    private Answer Answer(ReadOnlyMemory<byte> body) => new(body, time.GetUtcNow()) { Source = AnswerSource.Ledger };
}
