using OpenAIProxy.BillingService.Pages.SignIn;
using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Makes what the usage page shows from the reports.</summary>
internal sealed class UsagePageBuilder(IUsageReports reports)
{
    /// <summary>The page.</summary>
    /// <param name="frame">Its frame.</param>
    /// <param name="range">The days.</param>
    /// <param name="viewer">Who looks.</param>
    /// <param name="chosen">The key that an admin has chosen; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<UsageView> BuildAsync(Frame frame, RangeView range, Viewer viewer, string? chosen, CancellationToken cancellationToken)
    {
        var words = frame.Words;
        var key = viewer.Key ?? chosen;
        var byModels = AskAsync(GroupBy.Day | GroupBy.Model, GroupBy.Model);
        // Apart: rows by key are many more.
        var byKey = key is null ? AskAsync(GroupBy.Key) : null;
        await Task.WhenAll(byKey is null ? [byModels] : [byModels, byKey]);

        var (report, byModel) = ((await byModels)[0], (await byModels)[1]);
        var days = Enumerable.Range(range.From.DayNumber, range.To.DayNumber - range.From.DayNumber + 1).Select(DateOnly.FromDayNumber).ToArray();
        var rows = report.Rows.ToLookup(r => r.Day!.Value, r => r.Figures);
        var costs = new CostCharts(frame, range, days);
        var counts = new CountCharts(words, days, [.. days.Select(day => rows[day].Sum())]);
        var charts = report.Total.Requests == 0 ? [] : (ChartView?[])
            [costs.ByModel(report.Rows), counts.Tokens(), counts.Requests(), byKey is null ? null : costs.ByKey((await byKey)[0].Rows)];
        return new UsageView(
            frame, range, Name(viewer, chosen, words), chosen, Summary.Tiles(report.Total, words),
            [.. charts.OfType<ChartView>()], report.Total.Requests == 0 ? null : Models(byModel, words));

        Task<IReadOnlyList<UsageReport>> AskAsync(params GroupBy[] groupings)
            => reports.CreateAsync(key, range.From, range.To.AddDays(1), groupings, cancellationToken);
    }

    private static string Name(Viewer viewer, string? chosen, Words words)
        => viewer.Key is { } own ? Words.Fill(words.YourKey, own)
            : chosen is null ? words.AllKeys
            : Words.Fill(words.OneKey, CostCharts.NameOfKey(chosen, words));

    private static TableView Models(UsageReport report, Words words) => new(
        "models-table", words.ByModel,
        [
            words.Model, words.Cost, words.Requests, words.Errors, words.Input, words.CachedInput, words.Output,
            $"{words.Duration} p50", $"{words.Duration} p95", $"{words.BriefFirstToken} p50", $"{words.BriefFirstToken} p95",
        ],
        [
            .. report.Rows.OrderByDescending(r => r.Figures.Dollars ?? 0m).ThenByDescending(r => r.Figures.Requests)
                .Select(r => new Row(CostCharts.NameOfModel(r.Model!, words), Cells(r.Figures, words))),
        ],
        new Row(words.Total, Cells(report.Total, words)));

    private static Cell[] Cells(UsageFigures figures, Words words) =>
    [
        Costs.Cell(figures, words), Counts.Cell(figures.Requests), Counts.Cell(figures.Errors),
        Counts.Cell(figures.Input), Counts.Cell(figures.CachedInput), Counts.Cell(figures.Output),
        Counts.Time(figures.DurationP50), Counts.Time(figures.DurationP95), Counts.Time(figures.FirstTokenP50), Counts.Time(figures.FirstTokenP95),
    ];
}
