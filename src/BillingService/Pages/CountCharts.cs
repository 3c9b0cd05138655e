using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.BillingService.Pages.Charts;
using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>The charts of counts: tokens by kind, requests and errors.</summary>
internal sealed class CountCharts(PageLinks links, DaySums days)
{
    private const int GoodStyle = 0;
    private const int BadStyle = 11;

    private static readonly CountKind[] AlwaysShown = [CountKind.Input, CountKind.CachedInput, CountKind.Output, CountKind.ReasoningOutput];

    private readonly Words _words = links.Frame.Words;

    /// <summary>Tokens by kind, each token once.</summary>
    public ChartView Tokens()
    {
        var kindNames = _words.TokenKinds;
        var series = (Series[])
        [
            Series(_words.UncachedInput, 0, c => c.Input - c.CachedInput - c.CacheWrite),
            Series(kindNames[CountKind.CachedInput], 1, c => c.CachedInput),
            Series(kindNames[CountKind.CacheWrite], 6, c => c.CacheWrite),
            Series(_words.SaidOutput, 2, c => c.Output - c.ReasoningOutput),
            Series(kindNames[CountKind.ReasoningOutput], 3, c => c.ReasoningOutput),
        ];
        var kinds = (Kind[])
        [
            .. Counter.All.Select(counter => counter.Kind).Where(kindNames.ContainsKey).Select(
                kind => new Kind(kindNames[kind], f => f.Counts[kind], AlwaysShown.Contains(kind))),
            new(_words.AudioSeconds, f => f.AudioSeconds, false), new(_words.VideoSeconds, f => f.VideoSeconds, false),
            new(_words.Characters, f => f.Characters, false), new(_words.Images, f => f.Images, false), new(_words.ToolCalls, f => f.ToolCalls, false),
        ];
        return Chart("tokens", days.Title(_words.TokensByKind, _words.TokensPerDayByKind), $"{_words.Tokens}: {Numbers.Count(days.Total.Tokens)}", series, kinds);
    }

    /// <summary>Calls that went well and calls that failed.</summary>
    public ChartView Requests()
    {
        var series = (Series[])[Series(_words.Succeeded, GoodStyle, c => c.Requests - c.Errors), Series(_words.Errors, BadStyle, c => c.Errors)];
        var kinds = (Kind[])
        [
            new(_words.Requests, f => f.Counts.Requests, true), new(_words.Errors, f => f.Counts.Errors, true), new(_words.CutOff, f => f.Counts.Cut, true),
            new(_words.Unpriced, f => f.UnpricedRequests, false), new(_words.Estimated, f => f.EstimatedRequests, false),
        ];
        return Chart(
            "requests", days.Title(_words.RequestsAndErrors, _words.RequestsAndErrorsPerDay), $"{_words.Requests}: {Numbers.Count(days.Total.Counts.Requests)}",
            series, kinds);
    }

    private ChartView Chart(string id, string title, string total, Series[] all, Kind[] kinds)
    {
        // What never occurs would only stand in the way.
        var series = all.Where(s => s.Total > 0m).ToArray();
        var columns = kinds.Where(k => k.IsAlwaysShown || k.Of(days.Total) > 0m).ToArray();
        var rows = days.Used.Reverse().Select(i => new Row(Numbers.Day(days.Days[i]), [.. columns.Select(k => Counts.Seconds(k.Of(days.Sums[i])))])
        {
            Link = links.ToDay(days.Days[i]),
        });
        var table = new TableView(
            id + "-table", title, [_words.Day, .. columns.Select(k => k.Name)], [.. rows],
            new Row(_words.Total, [.. columns.Select(k => Counts.Seconds(k.Of(days.Total)))]));
        // Bars have their names beside them.
        var legend = days.IsOneDay ? [] : series.Select(s => new LegendEntry(s.Style, s.Name, Numbers.Brief(s.Total))).ToArray();
        return new ChartView(id, title, Counts.Describe(_words, title, days.Days, total), legend, table)
        {
            Columns = days.IsOneDay ? null : ColumnChart.Draw(
                days.Days, series, [], 1m, Numbers.Brief, _words.ShortDay, v => Numbers.Count((long)v), links.ToDay),
            Bars = days.IsOneDay ? BarChart.Draw([.. series.Select(s => new BarValue(s.Name, s.Style, s.Total, Numbers.Count((long)s.Total)))]) : null,
        };
    }

    // Counts come from outside; what they make together must not be drawn below zero.
    private Series Series(string name, int style, Func<UsageCounts, long> of)
        => new(name, style, [.. days.Sums.Select(s => (decimal)Math.Max(0, of(s.Counts)))]);

    private sealed record Kind(string Name, Func<UsageFigures, decimal> Of, bool IsAlwaysShown);
}
