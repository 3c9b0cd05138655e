using System.Collections.Frozen;
using System.Globalization;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Checks;

/// <summary>Do the prices of a row contradict each other?</summary>
internal static class ConsistencyCheck
{
    public static void Run(PriceRow row, RowFindings about)
    {
        foreach (var (tier, prices) in row.Tokens.Concat(row.LongTokens))
        {
            Cache(tier, "cachedInput", prices.CachedInput, prices.Input, about);
            Cache(tier, "audioCachedInput", prices.AudioCachedInput, prices.AudioInput, about);
            Cache(tier, "imageCachedInput", prices.ImageCachedInput, prices.ImageInput, about);
            if (prices.CacheWrite < prices.Input)
            {
                about.Warning($"{tier}: cacheWrite {Text(prices.CacheWrite)} is below input {Text(prices.Input)}");
            }

            if (prices.CacheWrite12h < (prices.CacheWrite ?? prices.Input))
            {
                about.Warning($"{tier}: cacheWrite12h {Text(prices.CacheWrite12h)} is below the price of a shorter write {Text(prices.CacheWrite ?? prices.Input)}");
            }
        }

        Tiers(row.Tokens, "", about);
        Tiers(row.LongTokens, "longContext.", about);
        foreach (var (tier, prices) in row.LongTokens)
        {
            if (!row.Tokens.TryGetValue(tier, out var usual))
            {
                about.Error($"longContext has a price in {tier}, tokens has none");
                continue;
            }

            Compare(prices, usual, (name, price, other) =>
            {
                if (price < other)
                {
                    about.Error($"longContext.{tier}: {name} {Text(price)} is below {Text(other)} without long context");
                }
            });
        }

        foreach (var name in row.LongExcludes.Where(t => row.Tokens.Count > 0 && !row.Tokens.ContainsKey(t)).Order())
        {
            about.Note($"longContext.excludes names {name}, which has no price anyway");
        }

        var tools = (row.InputPerCall ?? FrozenDictionary<string, int>.Empty).Keys;
        foreach (var tool in tools.Where(t => !t.StartsWith(UsageUnit.Tool, StringComparison.Ordinal)).Order())
        {
            about.Error($"inputPerCall names {tool}, which is no {UsageUnit.Tool}…");
        }

        foreach (var mark in row.Derived.Where(m => !IsThere(row, m)))
        {
            about.Warning($"{mark} is said to be computed by general rules, and isn't there");
        }

        foreach (var kind in row.Unknown.Intersect(row.Tokens.Values.SelectMany(p => p.All).Where(p => p.Price is not null).Select(p => p.Name)))
        {
            about.Error($"{kind} is said to be unknown, and has a price");
        }
    }

    // batch, batch.cacheWrite, longContext.batch, longContext.batch.cacheWrite; anything else is a field of the row.
    private static bool IsThere(PriceRow row, string mark)
    {
        const string Long = "longContext";
        var parts = mark.Split('.');
        var tiers = row.Tokens;
        if (parts[0] == Long)
        {
            tiers = row.LongTokens;
            parts = parts[1..];
        }

        return parts switch
        {
            [] => row.LongAbove is not null,
            [var tier] => tiers.ContainsKey(tier) || (mark == tier && !PriceNames.Tiers.Contains(tier)),
            [var tier, var kind] => tiers.TryGetValue(tier, out var prices) && prices.All.Any(p => p.Name == kind && p.Price is not null),
            _ => false,
        };
    }

    private static void Cache(string tier, string name, decimal? cached, decimal? full, RowFindings about)
    {
        if (cached > full)
        {
            about.Error($"{tier}: {name} {Text(cached)} is above the full price {Text(full)}");
        }
    }

    private static void Tiers(FrozenDictionary<string, TokenPrices> tiers, string prefix, RowFindings about)
    {
        if (!tiers.TryGetValue(ServiceTier.Default, out var usual))
        {
            if (tiers.Count > 0)
            {
                about.Warning($"{prefix}{ServiceTier.Default} has no price, other tiers have");
            }

            return;
        }

        foreach (var (tier, prices) in tiers)
        {
            var isCheaper = tier is ServiceTier.Batch or ServiceTier.Flex or ServiceTier.Window2h or ServiceTier.Window8h;
            var isDearer = tier is ServiceTier.Priority or ServiceTier.Ultrafast;
            Compare(prices, usual, (name, price, other) =>
            {
                if ((isCheaper && price > other) || (isDearer && price < other))
                {
                    about.Error($"{prefix}{tier}: {name} {Text(price)} is {(isCheaper ? "above" : "below")} the default tier's {Text(other)}");
                }
            });
        }
    }

    private static void Compare(TokenPrices prices, TokenPrices others, Action<string, decimal, decimal> compare)
    {
        foreach (var ((name, price), (_, other)) in prices.All.Zip(others.All))
        {
            if (price is { } one && other is { } two)
            {
                compare(name, one, two);
            }
        }
    }

    /// <summary>A price in words; nothing for none.</summary>
    internal static string Text(decimal? price) => price?.ToString("0.############", CultureInfo.InvariantCulture) ?? "";
}
