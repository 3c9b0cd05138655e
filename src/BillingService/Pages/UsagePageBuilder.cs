using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Makes what the usage page shows from the reports.</summary>
internal sealed class UsagePageBuilder(UsageReports reports)
{
    // Models and keys of which the page tells each; names that callers make up may be many more.
    private const int MostShown = 20;

    /// <summary>The page.</summary>
    /// <param name="frame">Its frame.</param>
    /// <param name="range">The days.</param>
    /// <param name="viewer">Who looks.</param>
    /// <param name="chosen">The key that an admin has chosen; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<UsageView> BuildAsync(Frame frame, RangeView range, Caller viewer, string? chosen, CancellationToken cancellationToken)
    {
        var words = frame.Words;
        var key = viewer.Key ?? chosen;
        var scope = new ReportScope(key, range.From, range.To.AddDays(1));
        // At once, and not on the caller's thread: SQLite does its work in the call.
        var byModel = Task.Run(() => reports.RankAsync(scope, GroupBy.Model, MostShown, timed: true, cancellationToken), cancellationToken);
        var byKey = key is null ? Task.Run(() => reports.RankAsync(scope, GroupBy.Key, MostShown, timed: false, cancellationToken), cancellationToken) : null;
        await Task.WhenAll(byKey is null ? [byModel] : [byModel, byKey]);

        var models = await byModel;
        var total = models.Total.ToFigures();
        var days = Enumerable.Range(range.From.DayNumber, range.To.DayNumber - range.From.DayNumber + 1).Select(DateOnly.FromDayNumber).ToArray();
        var costs = new CostCharts(frame, range, days);
        var counts = new CountCharts(words, days, [.. days.Select(day => models.Day(day) ?? FiguresSums.None)]);
        var charts = total.Counts.Requests == 0 ? [] : (ChartView?[])
            [costs.ByModel(models), counts.Tokens(), counts.Requests(), byKey is null ? null : costs.ByKey(await byKey)];
        return new UsageView(
            frame, range, Name(viewer, chosen, words), chosen, Summary.Tiles(total, words),
            [.. charts.OfType<ChartView>()], total.Counts.Requests == 0 ? null : Models(models, words));
    }

    private static string Name(Caller viewer, string? chosen, Words words)
        => viewer.Key is { } own ? Words.Fill(words.YourKey, own)
            : chosen is null ? words.AllKeys
            : Words.Fill(words.OneKey, CostCharts.NameOfKey(chosen, words));

    private static TableView Models(Ranking models, Words words) => new(
        "models-table", words.ByModel,
        [
            words.Model, words.Cost, words.Requests, words.Errors,
            words.TokenKinds[CountKind.Input], words.TokenKinds[CountKind.CachedInput], words.TokenKinds[CountKind.Output],
            $"{words.Duration} p50", $"{words.Duration} p95", $"{words.BriefFirstToken} p50", $"{words.BriefFirstToken} p95",
        ],
        [
            .. models.Top().Select(m => new Row(CostCharts.NameOfModel(m.Name, words), Cells(m.Sum.ToFigures(), words))),
            .. models.RestCount == 0 ? [] : (Row[])[new(CostCharts.NameOfRest(models.RestCount, words), Cells(models.Rest, words))],
        ],
        new Row(words.Total, Cells(models.Total.ToFigures(), words)));

    private static Cell[] Cells(UsageFigures figures, Words words) =>
    [
        Costs.Cell(figures, words), Counts.Cell(figures.Counts.Requests), Counts.Cell(figures.Counts.Errors),
        Counts.Cell(figures.Counts.Input), Counts.Cell(figures.Counts.CachedInput), Counts.Cell(figures.Counts.Output),
        Counts.Time(figures.DurationP50), Counts.Time(figures.DurationP95), Counts.Time(figures.FirstTokenP50), Counts.Time(figures.FirstTokenP95),
    ];
}
