using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Tests.Costs;

/// <summary>Whole calls, each line at its price: what upstream's bill says of them.</summary>
public sealed class ChargeTests
{
    private const int Long = 300_000;

    [Fact]
    public void Price_ImageToolOfAResponse_IsTheTextAndTheImageModelsTokens()
        => Used.Is(0.04834m,
            Tokens("gpt-5.4", 2_000, 60) + PriceBook.BuiltIn.Price(Used.What("gpt-image-1"), new() { Input = 40, Output = 1_056, ImageOutput = 1_056 }));

    [Theory]
    [InlineData("gpt-4.1-mini", "tool:web_search", 1, "0.013788")]
    [InlineData("gpt-4.1-mini-2025-04-14", "tool:web_search", 1, "0.013788")]
    [InlineData("gpt-4.1-mini", "tool:web_search", 2, "0.026988")]
    [InlineData("gpt-4o-mini-2024-07-18", "tool:web_search", 1, "0.0114205")]
    // Only of that tool, and only on those models.
    [InlineData("gpt-4.1-mini", "tool:web_search_preview", 1, "0.025588")]
    [InlineData("gpt-4.1-mini", "tool:file_search", 1, "0.003088")]
    [InlineData("gpt-4.1", "tool:web_search", 1, "0.01294")]
    [InlineData("gpt-4.1", "tool:web_search_preview", 1, "0.02794")]
    [InlineData("gpt-4o-2024-08-06", "tool:web_search_preview", 1, "0.028675")]
    [InlineData("gpt-5.4", "tool:web_search_preview", 1, "0.015125")]
    [InlineData("gpt-6.2-sol", "tool:web_search_preview", 1, "0.01352")]
    [InlineData("gpt-6.1-sol-2026-09-29", "tool:web_search_preview", 1, "0.01352")]
    [InlineData("o3-2025-04-16", "tool:web_search_preview_2025_03_11", 1, "0.01294")]
    public void Price_Search_DependsOnTheToolAndTheModel(string model, string tool, int calls, string dollars)
        => Used.Is(Dollars(dollars), Tokens(model, 310, 290) + Call(model, tool, calls));

    [Theory]
    [InlineData("priority", "0.0156")]
    [InlineData("batch", "0.0116")]
    public void Price_ContentOfASearch_IsInputOfTheAnswersTier(string tier, string dollars)
        => Used.Is(Dollars(dollars),
            PriceBook.BuiltIn.Price(Used.What("gpt-4.1-mini", tier: tier, unit: "tool:web_search"), new() { Requests = 1, Quantity = 1 }));

    [Theory]
    [InlineData("tool:code_interpreter", "0.03")]
    [InlineData("tool:code_interpreter:1g", "0.03")]
    [InlineData("tool:code_interpreter:4g", "0.12")]
    [InlineData("tool:code_interpreter:16g", "0.48")]
    [InlineData("tool:code_interpreter:64g", "1.92")]
    [InlineData("tool:shell", "0.03")]
    [InlineData("tool:shell:4g", "0.12")]
    [InlineData("tool:shell:16g", "0.48")]
    [InlineData("tool:shell:64g", "1.92")]
    public void Price_Container_DependsOnItsMemory(string unit, string dollars) => Used.Is(2 * Dollars(dollars), Call("gpt-5.4", unit, 2));

    [Theory]
    [InlineData("tool:shell:128g")]
    [InlineData("tool:shell:")]
    [InlineData("tool::4g")]
    [InlineData("tool:")]
    public void Price_ContainerOfAnotherSize_IsUnpriced(string unit) => Assert.Equal(Cost.Unpriced, Call("gpt-5.4", unit, 1));

    [Theory]
    [InlineData("2h", "", 100_000, 10_000, "0.21")]
    [InlineData("8h", "", 100_000, 10_000, "0.18")]
    [InlineData("8h", "eu", 100_000, 10_000, "0.198")]
    [InlineData("8h", "", Long, 100, "0.7209")]
    [InlineData("2h", "eu", Long, 100, "0.925155")]
    public void Price_CompletionWindow_LowersEveryRateOfStandard(string window, string region, long input, long output, string dollars)
        => Used.Is(Dollars(dollars), PriceBook.BuiltIn.Price(
            Used.What("gpt-6.2-sol", tier: window, context: ContextSize.Of(input), region: region), Used.Tokens(input, output)));

    [Fact]
    public void Price_CompletionWindow_LowersWhatIsCachedAndWrittenToo()
        => Used.Is(0.6m * (0.1m + 2.5m + 5m), PriceBook.BuiltIn.Price(Used.What("gpt-6.2-sol", tier: "8h"), new()
        {
            Input = 3 * Used.Million,
            CachedInput = Used.Million,
            CacheWrite = 2 * Used.Million,
            CacheWrite12h = Used.Million,
        }));

    [Theory]
    [InlineData("gpt-4o")]
    [InlineData("gpt-6.2-astra")]
    public void Price_CompletionWindowOfAModelThatIsNotKnownToHaveOne_IsUnpriced(string model)
        => Assert.Equal(Cost.Unpriced, PriceBook.BuiltIn.Price(Used.What(model, tier: "8h"), Used.Tokens(1)));

    [Fact]
    public void Price_CompletionWindow_HoldsAfterThePriceOfAnotherTierChanged()
        => Used.Is(1.2m, PriceBook.BuiltIn.Price(Used.What("gpt-6.2-sol", "2027-03-01", tier: "8h"), Used.Tokens(Used.Million)));

    [Fact]
    public void Price_CacheWrittenFor12Hours_HasItsOwnPrice()
        => Used.Is(0.02355m, PriceBook.BuiltIn.Price(Used.What("gpt-6.1-terra"), Written(10_000, 9_000, 9_000, 10)));

    [Theory]
    [InlineData("gpt-6.1-terra", "default", 0, "2.5")]
    [InlineData("gpt-6.2-sol", "default", 0, "5")]
    [InlineData("gpt-6.2-sol", "default", 272_000, "10")]
    [InlineData("gpt-6.2-sol", "priority", 0, "10")]
    [InlineData("gpt-6.2-sol", "priority", 272_000, "20")]
    [InlineData("gpt-6.2-sol", "batch", 0, "2.5")]
    // Billed no write at all.
    [InlineData("gpt-4o", "default", 0, "2.5")]
    public void Price_AMillionWrittenFor12Hours_IsThatOfTheTier(string model, string tier, int context, string dollars)
        => Used.Is(Dollars(dollars),
            PriceBook.BuiltIn.Price(Used.What(model, tier: tier, context: context), Written(Used.Million, Used.Million, Used.Million, 0)));

    [Fact]
    public void Price_BothLifetimes_ArePricedApart()
        => Used.Is(1m + 1.25m + 2.5m, PriceBook.BuiltIn.Price(Used.What("gpt-6.1-terra"), Written(3 * Used.Million, 2 * Used.Million, Used.Million, 0)));

    [Fact]
    public void Price_12HoursOnAModelThatIsNotKnownToOfferThem_LeavesThatPartUnpriced()
        => Assert.Equal(new Cost(2m + 2.5m, true),
            PriceBook.BuiltIn.Price(Used.What("gpt-6-sol"), Written(3 * Used.Million, 2 * Used.Million, Used.Million, 0)));

    [Theory]
    [InlineData(1_000_000, 2_000_000)]
    [InlineData(2_000_000, 9_000_000)]
    public void Price_MoreWrittenFor12HoursThanWrittenAtAll_IsClamped(long written, long for12Hours)
        => Used.Is((2m - (written / Used.Million)) + (2.5m * (written / Used.Million)),
            PriceBook.BuiltIn.Price(Used.What("gpt-6.1-terra"), Written(2 * Used.Million, written, for12Hours, 0)));

    [Theory]
    [InlineData("gpt-6.2-sol", "2.403")]
    [InlineData("gpt-6.1-sol", "2.403")]
    [InlineData("gpt-6.1-terra", "1.2015")]
    [InlineData("gpt-6-astra", "12.015")]
    [InlineData("gpt-6-sol", "2.403")]
    [InlineData("gpt-6-luna", "0.12015")]
    [InlineData("gpt-6.2-astra", "9.612")]
    [InlineData("gpt-5.6", "4.806")]
    [InlineData("gpt-5.6-terra", "2.4036")]
    [InlineData("gpt-5.6-luna-2026-07-09", "0.24036")]
    public void Price_FastWithLongContext_IsTwiceTheLongPrice(string model, string dollars)
    {
        foreach (var tier in new[] { "fast", "priority" })
        {
            Used.Is(Dollars(dollars), PriceBook.BuiltIn.Price(
                Used.What(model, tier: tier, context: ContextSize.Of(Long)), new() { Requests = 1, Input = Long, Output = 100 }));
        }
    }

    [Theory]
    [InlineData("gpt-5.5")]
    [InlineData("gpt-5.4-2026-03-05")]
    [InlineData("gpt-5.4-mini")]
    public void Price_FastWithLongContextWhereItIsNotOffered_IsUnpriced(string model)
        => Assert.Equal(Cost.Unpriced, PriceBook.BuiltIn.Price(Used.What(model, tier: "priority", context: ContextSize.Of(Long)), Used.Tokens(Long, 100)));

    [Theory]
    [InlineData("gpt-5.4-mini", "default", 0.75)]
    [InlineData("gpt-5.4-mini", "batch", 0.375)]
    [InlineData("gpt-5.5", "batch", 5)]
    [InlineData("gpt-5.4", "flex", 2.5)]
    public void Price_LongContextInOtherTiersOfSuchModels_HasAPrice(string model, string tier, double dollars)
        => Used.Is((decimal)dollars, PriceBook.BuiltIn.Price(Used.What(model, tier: tier, context: ContextSize.Of(Long)), Used.Tokens(Used.Million)));

    [Fact]
    public void Price_FastOfGpt55_IsTwoAndAHalfTimes()
        => Used.Is(12.5m + 1.25m + 75m, PriceBook.BuiltIn.Price(
            Used.What("gpt-5.5", tier: "fast"), new() { Input = 2 * Used.Million, CachedInput = Used.Million, Output = Used.Million }));

    [Fact]
    public void Price_RunWithCachedInput_IsThatOfItsCounts()
        => Used.Is(0.0001968m, PriceBook.BuiltIn.Price(Used.What("gpt-4o-mini"), new() { Input = 2_000, CachedInput = 1_536, Output = 20 }));

    private static Cost Tokens(string model, long input, long output) => PriceBook.BuiltIn.Price(Used.What(model), Used.Tokens(input, output));

    private static Cost Call(string model, string tool, int calls)
        => PriceBook.BuiltIn.Price(Used.What(model, unit: tool), new() { Requests = 1, Quantity = calls });

    private static UsageCounts Written(long input, long written, long for12Hours, long output)
        => new() { Requests = 1, Input = input, CacheWrite = written, CacheWrite12h = for12Hours, Output = output };

    private static decimal Dollars(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
