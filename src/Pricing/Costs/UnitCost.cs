using System.Collections.Frozen;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Costs;

/// <summary>Prices units that are neither tokens nor tools.</summary>
internal static class UnitCost
{
    private const decimal MillisecondsPerMinute = 60_000m;
    private const decimal MillisecondsPerSecond = 1_000m;
    private const decimal Million = 1_000_000m;

    /// <summary>The cost of <paramref name="quantity"/> of <paramref name="unit"/>, and its part.</summary>
    public static Cost Of(PriceRow? row, string unit, long quantity, List<Charge>? charges = null)
    {
        if (quantity <= 0)
        {
            return Cost.Free;
        }

        var (price, per) = row is null ? default : PriceOf(row, unit);
        if (price is not { } dollars)
        {
            return Cost.Unpriced;
        }

        charges?.Add(ChargeOf(unit, quantity, dollars, per));
        return new Cost(quantity * dollars / per, false);
    }

    private static Charge ChargeOf(string unit, long quantity, decimal dollars, decimal per)
    {
        var cost = quantity * dollars / per;
        return unit switch
        {
            UsageUnit.Milliseconds => new Charge("audio minutes", quantity / per, "Minutes", "Minutes", dollars, cost),
            UsageUnit.Characters => new Charge("characters", quantity, "Characters", "1M Characters", dollars, cost),
            _ when Variant(unit, UsageUnit.Image) is { } image => new Charge($"images {image}".TrimEnd(), quantity, "Images", "Images", dollars, cost),
            _ when Variant(unit, UsageUnit.Video) is { } size
                => new Charge($"video seconds {size}".TrimEnd(), quantity / per, "Seconds", "Seconds", dollars, cost),
            _ => new Charge("searches", quantity, "Calls", "Calls", dollars, cost),
        };
    }

    private static (decimal? Price, decimal Per) PriceOf(PriceRow row, string unit) => unit switch
    {
        UsageUnit.Milliseconds => (row.PerMinute, MillisecondsPerMinute),
        UsageUnit.Characters => (row.Per1MCharacters, Million),
        _ when Variant(unit, UsageUnit.Image) is { } image => (ImagePrice(row.PerImage, image), 1m),
        _ when Variant(unit, UsageUnit.Video) is { } size => (SizePrice(row.PerVideoSecond, size), MillisecondsPerSecond),
        _ when Variant(unit, UsageUnit.Search) is { } context => (SizePrice(row.PerSearchCall, context), 1m),
        _ => (null, 1m),
    };

    private static string? Variant(string unit, string prefix) => unit.StartsWith(prefix, StringComparison.Ordinal) ? unit[prefix.Length..].Trim() : null;

    private static decimal? SizePrice(FrozenDictionary<string, decimal> prices, string size)
        => prices.TryGetValue(size, out var price) || prices.TryGetValue(PriceNames.Any, out price) ? price : null;

    // "hd 1024x1792". Where a model has one quality only, its prices name none, and what the caller named makes no difference.
    private static decimal? ImagePrice(FrozenDictionary<string, decimal> prices, string image)
    {
        if (SizePrice(prices, image) is { } price)
        {
            return price;
        }

        return prices.Keys.Any(k => k.Contains(' ', StringComparison.Ordinal)) || !prices.TryGetValue(image[(image.LastIndexOf(' ') + 1)..], out price)
            ? null : price;
    }
}
