using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Makes what the usage page shows from the reports.</summary>
internal sealed class UsagePageBuilder(UsageReports reports, UsageLedger ledger, PricesInForce prices, TimeProvider time)
{
    // Models and keys of which the page tells each; names that callers make up may be many more.
    private const int MostShown = 20;

    /// <summary>The page.</summary>
    /// <param name="frame">Its frame.</param>
    /// <param name="range">The days.</param>
    /// <param name="viewer">Who looks.</param>
    /// <param name="filter">What the viewer has chosen.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<UsageView> BuildAsync(Frame frame, RangeView range, Caller viewer, UsageFilter filter, CancellationToken cancellationToken)
    {
        var scope = Scope(range, viewer, filter);
        var key = scope.Key;
        // At once, and not on the caller's thread: SQLite does its work in the call.
        var byModel = Task.Run(() => reports.RankAsync(scope, GroupBy.Model, MostShown, timed: true, cancellationToken), cancellationToken);
        var byKey = key is null ? Task.Run(() => reports.RankAsync(scope, GroupBy.Key, MostShown, timed: false, cancellationToken), cancellationToken) : null;
        await Task.WhenAll(byKey is null ? [byModel] : [byModel, byKey]);

        var models = await byModel;
        var keys = byKey is null ? null : await byKey;
        string[] shown = key is null ? [.. keys!.Top().Select(k => k.Name)] : [key];
        var names = new KeyNames(await ledger.LabelsAsync(shown, cancellationToken), frame.Words);
        var total = models.Total.ToFigures();
        var days = new DaySums(
            [.. Enumerable.Range(range.From.DayNumber, range.To.DayNumber - range.From.DayNumber + 1).Select(DateOnly.FromDayNumber)], models.Day);
        var links = new PageLinks(frame, range, filter);
        var costs = new CostCharts(links, days);
        var counts = new CountCharts(links, days);
        var charts = days.Used.Count == 0 ? [] : (ChartView?[])
            [costs.ByModel(models), counts.Tokens(), counts.Requests(), keys is null ? null : costs.ByKey(keys, names)];
        var book = prices.Book();
        var today = TimeZones.Today(time.GetUtcNow(), null);
        return new UsageView(
            frame, range, Viewers.Of(viewer, filter, names, frame.Words), filter, Summary.Tiles(total, frame.Words),
            [.. charts.OfType<ChartView>()], days.Used.Count == 0 ? null : ModelsTable.Of(models, links, model => Shutdowns.Soon(book, model, today)))
        {
            Nothing = viewer.Owned is { Count: 0 } ? frame.Words.NoOwnKeys : frame.Words.NothingYet,
        };
    }

    /// <summary>Which usage a viewer looks at.</summary>
    public static ReportScope Scope(RangeView range, Caller viewer, UsageFilter filter)
        => new(UsageAccess.KeyFor(viewer, filter.Key), range.From, range.To.AddDays(1))
        {
            Keys = viewer.Owned,
            Model = filter.Model,
            Zone = TimeZones.UnlessUtc(range.Zone),
        };
}
