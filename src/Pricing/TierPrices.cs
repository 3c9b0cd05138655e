namespace OpenAIProxy.Pricing;

/// <summary>Prices of tokens in one service tier.</summary>
/// <param name="Tier">The tier: <c>default</c>, <c>batch</c>, <c>priority</c> …</param>
/// <param name="Prices">The prices.</param>
public sealed record TierPrices(string Tier, TokenPrices Prices)
{
    // In OpenAI's order, and what an operator's file adds after it.
    internal static IReadOnlyList<TierPrices> Of(IReadOnlyDictionary<string, TokenPrices> tiers) =>
    [
        .. tiers.Select(tier => new TierPrices(tier.Key, tier.Value))
            .OrderBy(tier => Array.IndexOf(PriceNames.Tiers, tier.Tier) is >= 0 and var place ? place : int.MaxValue)
            .ThenBy(tier => tier.Tier, StringComparer.Ordinal),
    ];
}
