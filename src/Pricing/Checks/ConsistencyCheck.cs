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

        foreach (var kind in row.Unknown.Intersect(row.Tokens.Values.SelectMany(p => p.All).Where(p => p.Price is not null).Select(p => p.Name)))
        {
            about.Error($"{kind} is said to be unknown, and has a price");
        }
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
            var isCheaper = tier is ServiceTier.Batch or ServiceTier.Flex;
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
