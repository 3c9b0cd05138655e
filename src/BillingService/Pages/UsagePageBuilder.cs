using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Budgets;
using OpenAIProxy.BillingService.Keys.Rosters;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Makes what the usage page shows from the reports.</summary>
internal sealed class UsagePageBuilder(
    UsageReports reports, UsageLedger ledger, PricesInForce prices, KeyDirectory directory, BudgetBoard board, TimeProvider time)
{
    // Models, keys, teams, owners and budgets of which the page tells each; there may be many more.
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
        var byKey = key is null ? Task.Run(() => reports.RankKeysAsync(scope, MostShown, cancellationToken), cancellationToken) : null;
        var ofBudgets = Task.Run(() => board.ReadAsync(key, viewer.Owned, cancellationToken), cancellationToken);
        await Task.WhenAll(byKey is null ? [byModel, ofBudgets] : [byModel, ofBudgets, byKey]);

        var (models, budgets) = (await byModel, await ofBudgets);
        var keys = byKey is null ? null : await byKey;
        var index = await directory.ReadAsync(cancellationToken);
        string[] shown = key is null
            ? [.. keys!.Keys.Top().Select(k => k.Name), .. budgets.Take(MostShown).Select(budget => budget.Name).Where(name => index.Find(name) is not null)]
            : [key];
        var names = new KeyNames(await LabelsAsync([.. shown.Distinct()], index, cancellationToken), frame.Words);
        var total = models.Total.ToFigures();
        var days = new DaySums(
            [.. Enumerable.Range(range.From.DayNumber, range.To.DayNumber - range.From.DayNumber + 1).Select(DateOnly.FromDayNumber)], models.Day);
        var links = new PageLinks(frame, range, filter);
        var costs = new CostCharts(links, days);
        var counts = new CountCharts(links, days);
        var left = new BudgetCharts(links, names, isOfAll: key is null).Of(budgets, MostShown);
        // Who has one key asks first what is left; who has many, what they cost.
        var charts = days.Used.Count == 0 ? [left] : (ChartView?[])
        [
            key is null ? null : left, costs.ByModel(models), counts.Tokens(), counts.Requests(), key is null ? left : null,
            keys is null ? null : costs.ByKey(keys.Keys, names), keys?.Teams is null ? null : costs.ByTeam(keys.Teams),
            keys?.Owners is null ? null : costs.ByOwner(keys.Owners),
        ];
        var book = prices.Book();
        var today = TimeZones.Today(time.GetUtcNow(), null);
        return new UsageView(
            frame, range, Viewers.Of(viewer, filter, names, frame.Words), filter, Summary.Tiles(total, frame.Words),
            [.. charts.OfType<ChartView>()], days.Used.Count == 0 ? null : ModelsTable.Of(models, links, model => Shutdowns.Soon(book, model, today)))
        {
            Nothing = viewer.Owned is { Count: 0 } ? frame.Words.NoOwnKeys : frame.Words.NothingYet,
            Limits = LimitsTable.Of(key is not null && index.Find(key) is { IsInForce: true } facts ? facts.Limits : null, frame.Words),
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

    // A key that was not used yet has no label in the ledger.
    private async Task<Dictionary<string, KeyLabel>> LabelsAsync(IReadOnlyCollection<string> keys, KeyIndex index, CancellationToken cancellationToken)
    {
        var labels = await ledger.LabelsAsync(keys, cancellationToken);
        foreach (var key in keys)
        {
            if (!labels.ContainsKey(key) && index.Find(key) is { Name.Length: > 0 } facts)
            {
                labels.Add(key, new KeyLabel(key, facts.Name, ""));
            }
        }

        return labels;
    }
}
