using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>
/// The three questions answered from the ledger: by usage that was counted here, priced at its date. Never cached: a call that has
/// ended a moment ago is in it. A key without usage has used nothing, which is an answer.
/// </summary>
internal sealed class LedgerAnswers(UsageReports reports, TimeProvider time)
{
    private const int MostModels = 100;

    private static readonly DateOnly First = DateOnly.FromDateTime(DateTime.UnixEpoch);

    /// <summary>What was granted to the caller's key (the admin: to all keys) and used, in dollars. Windows as upstream's are cut.</summary>
    public async Task<Answer> CreditGrantsAsync(Caller caller, IQueryCollection query, CancellationToken cancellationToken)
    {
        var range = QueryDates.Inclusive(query, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        var report = await reports.CreateAsync(new ReportScope(caller.Key, range.Start, range.End), GroupBy.Day, cancellationToken);
        var used = range.Windows().Select(window => (window, Money.Cents(report.Rows.Where(row => IsIn(row, window)).Sum(row => row.Figures.Dollars ?? 0m))));
        return Answer(CreditSummary.Write(range, [.. used], LimitOf(caller), report.Total));
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
    public async Task<Answer> BalanceAsync(Caller caller, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var end = DateOnly.FromDateTime(now.UtcDateTime).AddDays(2);
        var models = await reports.RankAsync(new ReportScope(caller.Key, First, end), GroupBy.Model, MostModels, timed: true, cancellationToken);
        return Answer(Balance.Write(models, BudgetStatus.Tightest(caller.Budgets), caller.Limits, now));
    }

    public Answer Subscription(Caller caller) => Answer(LimitOf(caller).ToJson(AnswerSource.Ledger));

    private static Subscription LimitOf(Caller caller)
        => BudgetStatus.Tightest(caller.Budgets) is { } budget ? Queries.Subscription.Of(budget) : Queries.Subscription.WithoutLimit;

    private static bool IsIn(UsageReportRow row, DateRange window) => row.Day >= window.Start && row.Day < window.End;

    private Answer Answer(ReadOnlyMemory<byte> body) => new(body, time.GetUtcNow()) { Source = AnswerSource.Ledger };
}
