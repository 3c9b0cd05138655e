using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Tests.Costs;

public sealed class TierTests
{
    private const int Long = 272_000;

    [Theory]
    [InlineData("gpt-4o", "batch", 1.25, 5)]
    [InlineData("gpt-4o", "priority", 4.25, 17)]
    [InlineData("gpt-4o-2024-08-06", "priority", 4.25, 17)]
    [InlineData("gpt-4o-2024-05-13", "priority", 8.75, 26.25)]
    [InlineData("gpt-5", "flex", 0.625, 5)]
    [InlineData("gpt-5-mini", "priority", 0.45, 3.6)]
    [InlineData("gpt-5.6-terra", "flex", 1, 6)]
    [InlineData("gpt-6-astra", "priority", 20, 100)]
    [InlineData("gpt-6-astra", "ultrafast", 60, 300)]
    [InlineData("gpt-6.1-sol", "flex", 1, 5)]
    [InlineData("gpt-5.1", "flex", 0.625, 5)]
    [InlineData("o3-2025-04-16", "flex", 1, 4)]
    [InlineData("text-embedding-3-large", "batch", 0.065, 0)]
    public void Price_Tier_HasItsOwnPrices(string model, string tier, double input, double output)
    {
        Used.Is((decimal)input, PriceBook.BuiltIn.Price(Used.What(model, tier: tier), Used.Tokens(Used.Million)));
        Used.Is((decimal)output, PriceBook.BuiltIn.Price(Used.What(model, tier: tier), Used.Tokens(0, Used.Million)));
    }

    [Fact]
    public void Price_BatchWithoutAListedPrice_IsHalf()
        => Used.Is(0.875m, PriceBook.BuiltIn.Price(Used.What("gpt-5.2", tier: "batch"), Used.Tokens(Used.Million)));

    [Theory]
    [InlineData("gpt-4.1", 1)]
    [InlineData("gpt-5.2", 0.0875)]
    [InlineData("gpt-6-astra", 0.5)]
    public void Price_CachedInBatch_IsCheaperOnlyWhereThatIsListed(string model, double dollars)
        => Used.Is((decimal)dollars, PriceBook.BuiltIn.Price(Used.What(model, tier: "batch"), new() { Input = Used.Million, CachedInput = Used.Million }));

    [Fact]
    public void Price_CacheWriteInPriority_FollowsTheTier()
        => Used.Is(5m, PriceBook.BuiltIn.Price(Used.What("gpt-6.2-sol", tier: "priority"), new() { Input = Used.Million, CacheWrite = Used.Million }));

    [Theory]
    [InlineData("fast")]
    [InlineData("priority")]
    public void Price_FastAndPriority_AreOneTier(string answered)
    {
        Used.Is(4m, PriceBook.BuiltIn.Price(Used.What("gpt-6.2-sol", tier: ServiceTier.Of(answered)), Used.Tokens(Used.Million)));
        Used.Is(4m, PriceBook.BuiltIn.Price(Used.What("gpt-6.2-sol", tier: answered), Used.Tokens(Used.Million)));
    }

    [Theory]
    [InlineData("gpt-6.2-sol", "scale")]
    [InlineData("gpt-5-nano", "priority")]
    [InlineData("gpt-6.2-sol", "flex")]
    [InlineData("gpt-5.1-codex", "flex")]
    [InlineData("gpt-6-sol", "ultrafast")]
    [InlineData("gpt-image-2", "batch")]
    public void Price_TierWithoutAPrice_IsUnpriced(string model, string tier)
        => Assert.Equal(Cost.Unpriced, PriceBook.BuiltIn.Price(Used.What(model, tier: tier), Used.Tokens(1)));

    [Theory]
    [InlineData("2026-11-17", 6)]
    [InlineData("2027-02-28", 6)]
    [InlineData("2027-03-01", 12)]
    public void Price_UltrafastOfSol_DoublesInMarch(string day, double dollars)
        => Used.Is((decimal)dollars, PriceBook.BuiltIn.Price(Used.What("gpt-6.2-sol", day, tier: "ultrafast"), Used.Tokens(Used.Million)));

    [Theory]
    [InlineData("default", 4, 0.2, 5, 15)]
    [InlineData("batch", 2, 0.1, 2.5, 7.5)]
    [InlineData("priority", 8, 0.4, 10, 30)]
    public void Price_LongContext_RepricesTheWholeRequest(string tier, double input, double cached, double written, double output)
    {
        var what = Used.What("gpt-6.2-sol", tier: tier, context: ContextSize.Of(272_001));

        Used.Is((decimal)input, PriceBook.BuiltIn.Price(what, Used.Tokens(Used.Million)));
        Used.Is((decimal)cached, PriceBook.BuiltIn.Price(what, new() { Input = Used.Million, CachedInput = Used.Million }));
        Used.Is((decimal)written, PriceBook.BuiltIn.Price(what, new() { Input = Used.Million, CacheWrite = Used.Million }));
        Used.Is((decimal)output, PriceBook.BuiltIn.Price(what, Used.Tokens(0, Used.Million)));
    }

    [Theory]
    [InlineData(272_000, 2)]
    [InlineData(272_001, 4)]
    [InlineData(1_000_000, 4)]
    public void Price_InputAroundTheBoundary_ChangesAboveIt(long input, double dollars)
        => Used.Is((decimal)dollars, PriceBook.BuiltIn.Price(Used.What("gpt-6.2-sol", context: ContextSize.Of(input)), Used.Tokens(Used.Million)));

    [Fact]
    public void Price_UltrafastInLongContext_IsTheSameTimesTheLongPrice()
        => Used.Is(12m, PriceBook.BuiltIn.Price(Used.What("gpt-6.2-sol", tier: "ultrafast", context: Long), Used.Tokens(Used.Million)));

    [Fact]
    public void Price_LongContextInATierWithoutAPriceForIt_IsUnpriced()
        => Assert.Equal(Cost.Unpriced, PriceBook.BuiltIn.Price(Used.What("gpt-5.5", tier: "priority", context: Long), Used.Tokens(1)));

    [Fact]
    public void Price_LongInputOfAModelWithOnePrice_IsThatPrice()
        => Used.Is(2m, PriceBook.BuiltIn.Price(Used.What("gpt-4.1", context: 400_000), Used.Tokens(Used.Million)));

    [Theory]
    [InlineData("gpt-5.4", 2.75)]
    [InlineData("gpt-6.2-sol", 2.2)]
    [InlineData("gpt-5.2", 1.75)]
    [InlineData("gpt-4o", 2.5)]
    public void Price_RegionalHost_CostsMoreOnModelsThatSaySo(string model, double dollars)
        => Used.Is((decimal)dollars, PriceBook.BuiltIn.Price(Used.What(model, region: "eu"), Used.Tokens(Used.Million)));
}
