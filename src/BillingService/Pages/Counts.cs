using System.Globalization;
using OpenAIProxy.BillingService.Pages.Charts;
using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Writes counts.</summary>
internal static class Counts
{
    public static Cell Cell(long count) => new(Numbers.Count(count), count.ToString(CultureInfo.InvariantCulture));

    public static Cell Seconds(decimal seconds) => new(seconds.ToString("#,0.###", CultureInfo.InvariantCulture), Numbers.Exact(seconds));

    public static Cell Time(double? milliseconds)
        => milliseconds is { } time ? new Cell(Numbers.Time(time), time.ToString("0.###", CultureInfo.InvariantCulture)) : Costs.Empty;

    /// <summary>A chart in one sentence.</summary>
    public static string Describe(Words words, string title, IReadOnlyList<DateOnly> days, string total) => words.Description
        .Replace("{0}", title, StringComparison.Ordinal).Replace("{1}", Numbers.Day(days[0]), StringComparison.Ordinal)
        .Replace("{2}", Numbers.Day(days[^1]), StringComparison.Ordinal).Replace("{3}", total, StringComparison.Ordinal);
}
