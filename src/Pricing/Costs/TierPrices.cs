using System.Collections.Frozen;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Costs;

/// <summary>Which of a model's token prices hold for a call.</summary>
internal static class TierPrices
{
    private static readonly FrozenSet<string> OpenAIs = PriceNames.Tiers.ToFrozenSet();

    /// <summary>
    /// The prices of <paramref name="row"/> in a tier and size class; null if there are none. A tier of OpenAI's, or one that the row has
    /// elsewhere, has its prices or none: what it costs doesn't follow from another's. Any other word is that of a server which prices by
    /// something else, if at all, and is taken for the default tier, which is then said by <paramref name="isAssumed"/>.
    /// </summary>
    public static TokenPrices? Of(PriceRow row, string tier, int context, out bool isAssumed)
    {
        tier = PriceNames.Tier(tier);
        isAssumed = false;
        var isLong = row.LongAbove is { } above && context >= above;
        if (isLong && row.LongExcludes.Contains(tier))
        {
            return null;
        }

        // Which tiers a long request has is listed apart: what priority costs then, say, doesn't follow from its usual price.
        var tiers = isLong && row.LongTokens.Count > 0 ? row.LongTokens : row.Tokens;
        if (tiers.TryGetValue(tier, out var prices) || OpenAIs.Contains(tier) || row.Tokens.ContainsKey(tier))
        {
            return prices;
        }

        isAssumed = tiers.TryGetValue(ServiceTier.Default, out prices);
        return prices;
    }
}
