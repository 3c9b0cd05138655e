using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Tests.Costs;

public sealed class TokenTests
{
    // Input, cached, output: figures of OpenAI's price tables, read by hand.
    [Theory]
    [InlineData("gpt-6.2-astra", "8", "0.4", "40")]
    [InlineData("gpt-6.2-sol", "2", "0.1", "10")]
    [InlineData("gpt-6.1-sol-2026-09-29", "2", "0.1", "10")]
    [InlineData("gpt-6.1-terra", "1", "0.05", "5")]
    [InlineData("gpt-6-astra", "10", "1", "50")]
    [InlineData("gpt-6-luna", "0.1", "0.01", "0.5")]
    [InlineData("gpt-5.6", "4", "0.4", "20")]
    [InlineData("gpt-5.6-luna-2026-07-09", "0.2", "0.02", "1.2")]
    [InlineData("gpt-5.5", "5", "0.5", "30")]
    [InlineData("gpt-5.4-mini-2026-03-17", "0.75", "0.075", "4.5")]
    [InlineData("gpt-5.2-pro", "21", "21", "168")]
    [InlineData("gpt-5.1-codex-mini", "0.25", "0.025", "2")]
    [InlineData("gpt-5-nano", "0.05", "0.005", "0.4")]
    [InlineData("gpt-4.1-nano-2025-04-14", "0.1", "0.025", "0.4")]
    [InlineData("gpt-4o-2024-11-20", "2.5", "1.25", "10")]
    [InlineData("gpt-4o-2024-05-13", "5", "5", "15")]
    [InlineData("gpt-4o-mini", "0.15", "0.075", "0.6")]
    [InlineData("gpt-3.5-turbo-1106", "1", "1", "2")]
    [InlineData("o1-pro", "150", "150", "600")]
    [InlineData("o3", "2", "0.5", "8")]
    [InlineData("o4-mini-2025-04-16", "1.1", "0.275", "4.4")]
    public void Price_AMillionTokensOfEachKind_IsThatOfTheTable(string model, string input, string cached, string output)
    {
        Used.Is(Dollars(input), PriceBook.BuiltIn.Input(model));
        Used.Is(Dollars(cached), PriceBook.BuiltIn.Price(Used.What(model), new() { Input = Used.Million, CachedInput = Used.Million }));
        Used.Is(Dollars(output), PriceBook.BuiltIn.Price(Used.What(model), Used.Tokens(0, Used.Million)));
    }

    [Theory]
    [InlineData("text-embedding-3-large", "0.13")]
    [InlineData("text-embedding-3-small", "0.02")]
    [InlineData("text-embedding-ada-002-v2", "0.1")]
    public void Price_Embeddings_IsThatOfTheInput(string model, string dollars) => Used.Is(Dollars(dollars), PriceBook.BuiltIn.Input(model));

    [Fact]
    public void Price_TextRequest_PricesEachPartOnce()
    {
        // 100 plain at 2, 700 cached at 0.1, 200 written at 2.5, 50 out at 10, of which 40 were thought.
        var counts = new UsageCounts { Requests = 1, Input = 1_000, CachedInput = 700, CacheWrite = 200, Output = 50, ReasoningOutput = 40 };

        Used.Is(0.00127m, PriceBook.BuiltIn.Price(Used.What("gpt-6.2-sol"), counts));
    }

    [Fact]
    public void Price_OneToken_IsExact() => Used.Is(0.0000001m, PriceBook.BuiltIn.Price(Used.What("gpt-6-luna"), Used.Tokens(1)));

    [Fact]
    public void Price_OneCachedToken_IsExact()
        => Used.Is(0.000000005m, PriceBook.BuiltIn.Price(Used.What("gpt-5-nano"), new() { Input = 1, CachedInput = 1 }));

    [Fact]
    public void Price_CacheWriteBeforeItWasBilled_IsPlainInput()
        => Used.Is(2.5m, PriceBook.BuiltIn.Price(Used.What("gpt-4o"), new() { Input = Used.Million, CacheWrite = Used.Million }));

    [Fact]
    public void Price_CacheWriteAtAnUnknownPrice_LeavesThatPartUnpriced()
    {
        var counts = new UsageCounts { Input = 2 * Used.Million, CacheWrite = Used.Million };

        Assert.Equal(new Cost(8m, true), PriceBook.BuiltIn.Price(Used.What("gpt-6.2-astra"), counts));
    }

    [Fact]
    public void Price_MoreCachedAndWrittenThanInput_IsNeverBelowTheCachedPrice()
    {
        var counts = new UsageCounts { Input = Used.Million, CachedInput = 5 * Used.Million, CacheWrite = 5 * Used.Million, Output = -7 };

        Used.Is(0.1m, PriceBook.BuiltIn.Price(Used.What("gpt-6.2-sol"), counts));
    }

    [Theory]
    [InlineData("some-model")]
    [InlineData("")]
    public void Price_UnknownModel_IsUnpricedNotZero(string model)
    {
        var cost = PriceBook.BuiltIn.Price(Used.What(model), Used.Tokens(1, 1));

        Assert.True(cost.IsUnpriced);
        Assert.Equal(Cost.Unpriced, cost);
    }

    [Fact]
    public void Price_NothingUsed_IsFreeForAnyModel()
    {
        Assert.Equal(Cost.Free, PriceBook.BuiltIn.Price(Used.What("some-model"), new() { Requests = 3, Errors = 3 }));
        Assert.Equal(Cost.Free, PriceBook.BuiltIn.Price(Used.What("gpt-4o", tier: "scale"), new() { Requests = 1, Errors = 1 }));
    }

    [Fact]
    public void Price_Moderation_IsFree() => Used.Is(0m, PriceBook.BuiltIn.Input("omni-moderation-latest"));

    [Fact]
    public void Price_HugeCounts_NeitherThrowsNorRounds()
        => Used.Is(600m * (long.MaxValue / Used.Million),
            PriceBook.BuiltIn.Price(Used.What("o1-pro"), Used.Tokens(0, long.MaxValue / Used.Million * Used.Million)));

    private static decimal Dollars(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
