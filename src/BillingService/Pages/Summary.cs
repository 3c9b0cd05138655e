using OpenAIProxy.BillingService.Pages.Charts;
using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>The figures at the top of the page.</summary>
internal static class Summary
{
    public static IReadOnlyList<Tile> Tiles(UsageFigures total, Words words) =>
    [
        new("cost", words.Cost, Costs.Single(total, words), Notes(
            total.IsUnpriced ? new TileNote(Unpriced(total, words), CostCharts.UnpricedStyle) : null,
            total is { EstimatedRequests: 0, EstimatedDollars: 0m } ? null : new TileNote(
                total.EstimatedDollars > 0m
                    ? Words.Fill(words.EstimatedPart, Numbers.Money(total.EstimatedDollars))
                    : Words.Fill(words.EstimatedRequests, Numbers.Count(total.EstimatedRequests)),
                CostCharts.EstimatedStyle))),
        new("requests", words.Requests, Counts.Cell(total.Counts.Requests), Notes(
            total.Counts.Cut == 0 ? null : new TileNote($"{words.CutOff}: {Numbers.Count(total.Counts.Cut)}"))),
        new("errors", words.Errors, Counts.Cell(total.Counts.Errors), Notes(
            total.Counts.Requests == 0 ? null : new TileNote(Words.Fill(words.ErrorShare, Numbers.Share(total.Counts.Errors, total.Counts.Requests))))),
        new("tokens", words.Tokens, Counts.Cell(total.Tokens) with { Text = Numbers.Brief(total.Tokens) }, Notes(
            new TileNote(words.InAndOut.Replace("{0}", Numbers.Brief(total.Counts.Input), StringComparison.Ordinal)
                .Replace("{1}", Numbers.Brief(total.Counts.Output), StringComparison.Ordinal)),
            total.Counts.CachedInput == 0 ? null : new TileNote(Words.Fill(words.OfThemCached, Numbers.Share(total.Counts.CachedInput, total.Counts.Input))))),
        Time("duration", words.Duration, Words.Fill(words.OfCalls, Numbers.Count(total.TimedRequests)), total.DurationP50, total.DurationP95, words),
        Time("first-token", words.FirstToken, Words.Fill(words.OfAnswers, Numbers.Count(total.TimedFirstTokens)),
            total.FirstTokenP50, total.FirstTokenP95, words),
    ];

    // A tool's calls, or what was counted later than it was asked for, belong to a request that counts elsewhere.
    private static string Unpriced(UsageFigures total, Words words)
        => total.UnpricedRequests == 0 ? words.UnpricedUsage : Words.Fill(words.UnpricedRequests, Numbers.Count(total.UnpricedRequests));

    private static Tile Time(string name, string label, string of, double? median, double? nearly, Words words) => new(name, label, Counts.Time(median), Notes(
        median is null ? null : new TileNote(of),
        nearly is { } most ? new TileNote(Words.Fill(words.Nearly, Numbers.Time(most))) : null));

    private static IReadOnlyList<TileNote> Notes(params IEnumerable<TileNote?> notes) => [.. notes.OfType<TileNote>()];
}
