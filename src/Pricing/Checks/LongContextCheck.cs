using System.Globalization;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Checks;

/// <summary>Are the prices of long requests as complete as those of the others, and do they grow alike?</summary>
internal static class LongContextCheck
{
    public static void Run(PriceRow row, RowFindings about)
    {
        if (row.LongAbove is null || row.Tokens.Count == 0)
        {
            return;
        }

        if (row.LongTokens.Count == 0)
        {
            if (row.LongExcludes.Count == 0)
            {
                about.Warning("longContext has no prices: long requests cost as others do");
            }

            return;
        }

        Tiers(row, about);
        foreach (var (tier, prices) in row.LongTokens)
        {
            if (row.Tokens.TryGetValue(tier, out var usual))
            {
                Kinds(tier, prices, usual, about);
            }
        }

        Growth(row, about);
    }

    private static void Tiers(PriceRow row, RowFindings about)
    {
        var missing = row.Tokens.Keys.Where(t => !row.LongTokens.ContainsKey(t) && !row.LongExcludes.Contains(t)).Order().ToList();
        if (missing.Count > 0)
        {
            var sibling = row.LongTokens.ContainsKey(ServiceTier.Default) ? ServiceTier.Default : row.LongTokens.Keys.Order().First();
            about.Warning($"no price of long requests in {string.Join(", ", missing)}, though {sibling} has one: they are unpriced there, "
                + "unless longContext.excludes says that they aren't offered");
        }
    }

    private static void Kinds(string tier, TokenPrices prices, TokenPrices usual, RowFindings about)
    {
        var missing = usual.All.Zip(prices.All).Where(p => p.First.Price is not null && p.Second.Price is null).Select(p => p.First.Name).ToList();
        if (missing.Count > 0)
        {
            about.Warning($"longContext.{tier} has no {string.Join(", ", missing)}, though {tier} has");
        }
    }

    // A tier is so many times the default one in both lengths, as far as is known; where it isn't, one of four prices may be a slip.
    private static void Growth(PriceRow row, RowFindings about)
    {
        foreach (var (tier, prices) in row.LongTokens)
        {
            if (tier != ServiceTier.Default
                && Ratio(prices, row.LongTokens.GetValueOrDefault(ServiceTier.Default)) is { } @long
                && Ratio(row.Tokens.GetValueOrDefault(tier), row.Tokens.GetValueOrDefault(ServiceTier.Default)) is { } usual
                && @long != usual)
            {
                about.Note($"input in {tier} is {Times(usual)} times the default tier's, in long requests {Times(@long)} times");
            }
        }
    }

    private static decimal? Ratio(TokenPrices? prices, TokenPrices? others) => others is { Input: > 0 } ? prices?.Input / others.Input : null;

    private static string Times(decimal ratio) => ratio.ToString("0.####", CultureInfo.InvariantCulture);
}
