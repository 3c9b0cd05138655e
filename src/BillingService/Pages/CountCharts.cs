using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.BillingService.Pages.Charts;
using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>The charts of counts: tokens by kind, requests and errors.</summary>
internal sealed class CountCharts(Words words, IReadOnlyList<DateOnly> days, IReadOnlyList<UsageFigures> sums)
{
    private const int GoodStyle = 0;
    private const int BadStyle = 11;

    private static readonly CountKind[] AlwaysShown = [CountKind.Input, CountKind.CachedInput, CountKind.Output, CountKind.ReasoningOutput];

    private readonly UsageFigures _total = sums.Sum();

    /// <summary>Tokens by kind, each token once.</summary>
    public ChartView Tokens()
    {
        var kindNames = words.TokenKinds;
        var series = (Series[])
        [
            Series(words.UncachedInput, 0, c => c.Input - c.CachedInput - c.CacheWrite),
            Series(kindNames[CountKind.CachedInput], 1, c => c.CachedInput),
            Series(kindNames[CountKind.CacheWrite], 6, c => c.CacheWrite),
            Series(words.SaidOutput, 2, c => c.Output - c.ReasoningOutput),
            Series(kindNames[CountKind.ReasoningOutput], 3, c => c.ReasoningOutput),
        ];
        var kinds = (Kind[])
        [
            .. Counter.All.Select(counter => counter.Kind).Where(kindNames.ContainsKey).Select(
                kind => new Kind(kindNames[kind], f => f.Counts[kind], AlwaysShown.Contains(kind))),
            new(words.AudioSeconds, f => f.AudioSeconds, false), new(words.VideoSeconds, f => f.VideoSeconds, false),
            new(words.Characters, f => f.Characters, false), new(words.Images, f => f.Images, false), new(words.ToolCalls, f => f.ToolCalls, false),
        ];
        return Chart("tokens", days.Count == 1 ? words.TokensByKind : words.TokensPerDayByKind, words.Tokens, _total.Tokens, series, kinds);
    }

    /// <summary>Calls that went well and calls that failed.</summary>
    public ChartView Requests()
    {
        var series = (Series[])[Series(words.Succeeded, GoodStyle, c => c.Requests - c.Errors), Series(words.Errors, BadStyle, c => c.Errors)];
        var kinds = (Kind[])
        [
            new(words.Requests, f => f.Counts.Requests, true), new(words.Errors, f => f.Counts.Errors, true), new(words.CutOff, f => f.Counts.Cut, true),
            new(words.Unpriced, f => f.UnpricedRequests, false), new(words.Estimated, f => f.EstimatedRequests, false),
        ];
        return Chart(
            "requests", days.Count == 1 ? words.RequestsAndErrors : words.RequestsAndErrorsPerDay, words.Requests, _total.Counts.Requests, series, kinds);
    }

    private ChartView Chart(string id, string title, string unit, long total, Series[] all, Kind[] kinds)
    {
        // What never occurs would only stand in the way.
        var series = all.Where(s => s.Total > 0m).ToArray();
        var columns = kinds.Where(k => k.IsAlwaysShown || k.Of(_total) > 0m).ToArray();
        var table = new TableView(
            id + "-table", title, [words.Day, .. columns.Select(k => k.Name)],
            [.. days.Select((day, i) => new Row(Numbers.Day(day), [.. columns.Select(k => Counts.Seconds(k.Of(sums[i])))]))],
            new Row(words.Total, [.. columns.Select(k => Counts.Seconds(k.Of(_total)))]));
        // Bars have their names beside them.
        var legend = days.Count == 1 ? [] : series.Select(s => new LegendEntry(s.Style, s.Name, Numbers.Brief(s.Total))).ToArray();
        return new ChartView(id, title, Counts.Describe(words, title, days, $"{unit}: {Numbers.Count(total)}"), legend, table)
        {
            Columns = days.Count == 1 ? null : ColumnChart.Draw(days, series, [], 1m, Numbers.Brief, words.ShortDay, v => Numbers.Count((long)v)),
            Bars = days.Count == 1 ? BarChart.Draw([.. series.Select(s => (s.Name, s.Style, s.Total, Numbers.Count((long)s.Total)))]) : null,
        };
    }

    // Counts come from outside; what they make together must not be drawn below zero.
    private Series Series(string name, int style, Func<UsageCounts, long> of)
        => new(name, style, [.. sums.Select(s => (decimal)Math.Max(0, of(s.Counts)))]);

    private sealed record Kind(string Name, Func<UsageFigures, decimal> Of, bool IsAlwaysShown);
}
