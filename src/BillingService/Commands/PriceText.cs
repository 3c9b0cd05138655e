using System.Globalization;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.Pricing;

namespace OpenAIProxy.BillingService.Commands;

/// <summary>Writes the price of a model for people.</summary>
internal static class PriceText
{
    public static void Write(TextWriter output, string asked, PriceDetails price)
    {
        var name = price.Model.Equals(asked, StringComparison.OrdinalIgnoreCase) ? price.Model : $"{asked}, priced as {price.Model}";
        output.WriteLine($"{name} ({price.Kind}), {Dates(price)}{(price.IsOwn ? ", from Pricing:File" : "")}");
        WriteTokens(output, "US dollars per 1M tokens", price.Tokens);
        if (price.LongAbove is { } above)
        {
            WriteTokens(output, $"more than {above.ToString(CultureInfo.InvariantCulture)} input tokens", price.LongTokens);
        }

        foreach (var unit in price.Units)
        {
            output.WriteLine($"  {$"{unit.Unit} {unit.Size}".TrimEnd(),-30} {Amount(unit.Dollars),12}");
        }

        if (price.RegionalFactor != 1m)
        {
            output.WriteLine($"At a region's host all of it times {Amount(price.RegionalFactor)}.");
        }

        foreach (var (label, text) in Remarks(price))
        {
            output.WriteLine($"{label}: {text}");
        }
    }

    private static IEnumerable<(string Label, string Text)> Remarks(PriceDetails price)
    {
        (string Label, string? Text)[] remarks =
        [
            ("price not known", price.Unknown.Count > 0 ? string.Join(", ", price.Unknown) : null),
            ("derived by a rule", price.Derived.Count > 0 ? string.Join(", ", price.Derived) : null),
            ("promotion assured until", price.PromotionUntil is { } promotion ? DateRange.Text(promotion) : null),
            ("model ends", price.Shutdown is { } end ? DateRange.Text(end) : null),
            ("note", price.Note),
            ("source", price.Source),
            ("confidence", price.Confidence),
        ];
        return remarks.Where(remark => remark.Text is not null).Select(remark => (remark.Label, remark.Text!));
    }

    private static void WriteTokens(TextWriter output, string title, IReadOnlyList<TierPrices> tiers)
    {
        if (tiers.Count == 0)
        {
            return;
        }

        output.WriteLine($"{title,-30}{string.Concat(tiers.Select(tier => $" {tier.Tier,12}"))}");
        var columns = tiers.Select(tier => tier.Prices.All.ToArray()).ToArray();
        for (var kind = 0; kind < columns[0].Length; kind++)
        {
            if (columns.Any(column => column[kind].Price is not null))
            {
                output.WriteLine($"  {columns[0][kind].Name,-28}{string.Concat(columns.Select(column => $" {Amount(column[kind].Price),12}"))}");
            }
        }
    }

    private static string Dates(PriceDetails price)
    {
        var since = price.From is { } from ? $"since {DateRange.Text(from)}" : "since always";
        return price.Until is { } until ? $"{since}, until {DateRange.Text(until)}" : since;
    }

    private static string Amount(decimal? dollars) => dollars?.ToString("0.##########", CultureInfo.InvariantCulture) ?? "-";
}
