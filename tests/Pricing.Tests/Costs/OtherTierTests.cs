namespace OpenAIProxy.Pricing.Tests.Costs;

/// <summary>Service tiers of other servers: Groq's on_demand, Mistral's standard, OpenRouter's provisioned …</summary>
public sealed class OtherTierTests
{
    private static readonly PriceBook Book = PriceFiles.Load("""
        { "prices": [
          { "model": "llama", "tokens": { "default": { "input": 0.59, "output": 0.79 } } },
          { "model": "qwen",
            "tokens": { "Standard": { "input": 1, "output": 2 }, "performance": { "input": 2, "output": 4 }, "fast": { "input": 3, "output": 6 } },
            "longContext": { "above": 128000, "default": { "input": 10, "output": 20 } } },
          { "model": "mute", "tokens": { "batch": { "input": 1, "output": 2 } } }
        ] }
        """);

    [Theory]
    [InlineData("on_demand")]
    [InlineData("performance")]
    [InlineData("provisioned")]
    [InlineData("turbo")]
    [InlineData("16h")]
    public void Price_TierThatNoPriceHas_IsTheDefaultPriceAndSaysSo(string tier)
        => Assert.Equal(new Cost(0.000669m, false) { IsAssumed = true }, Book.Price(Used.What("llama", tier: tier), Used.Tokens(1_000, 100)));

    [Theory]
    [InlineData("standard")]
    [InlineData("default")]
    [InlineData("auto")]
    [InlineData("")]
    [InlineData("STANDARD")]
    public void Price_WordForTheDefaultTier_AssumesNothing(string tier)
        => Used.Is(0.000669m, Book.Price(Used.What("llama", tier: tier), Used.Tokens(1_000, 100)));

    [Theory]
    [InlineData("standard", 1)]
    [InlineData("default", 1)]
    [InlineData("performance", 2)]
    [InlineData("Performance", 2)]
    // What a file calls fast is what an answer calls fast, and priority.
    [InlineData("fast", 3)]
    [InlineData("priority", 3)]
    public void Price_TierThatTheFileHas_IsItsPrice(string tier, double dollars)
        => Used.Is((decimal)dollars, Book.Price(Used.What("qwen", tier: tier), Used.Tokens(Used.Million)));

    [Fact]
    public void Price_TierThatNoPriceHasInALongRequest_IsTheDefaultPriceOfThose()
        => Assert.Equal(new Cost(10m, false) { IsAssumed = true },
            Book.Price(Used.What("qwen", tier: "on_demand", context: 128_000), Used.Tokens(Used.Million)));

    // These exist, so what they cost is another price, which is missing.
    [Theory]
    [InlineData("llama", "batch", 0)]
    [InlineData("llama", "flex", 0)]
    [InlineData("llama", "fast", 0)]
    [InlineData("llama", "scale", 0)]
    [InlineData("llama", "8h", 0)]
    [InlineData("qwen", "performance", 128_000)]
    [InlineData("mute", "on_demand", 0)]
    [InlineData("mute", "default", 0)]
    [InlineData("gpt-6.2-sol", "scale", 0)]
    public void Price_TierThatExistsButHasNoPrice_IsUnpriced(string model, string tier, int context)
        => Assert.Equal(Cost.Unpriced, Book.Price(Used.What(model, tier: tier, context: context), Used.Tokens(1)));

    [Fact]
    public void Price_UnknownTierOfTheProductsModels_IsTheDefaultPriceAndSaysSo()
        => Assert.Equal(new Cost(2m, false) { IsAssumed = true }, PriceBook.BuiltIn.Price(Used.What("gpt-6.2-sol", tier: "turbo"), Used.Tokens(Used.Million)));

    [Fact]
    public void Add_OneThatIsAssumed_IsAssumed()
    {
        var sum = new Cost(1m, false) + new Cost(2m, false) { IsAssumed = true };

        Assert.Equal(new Cost(3m, false) { IsAssumed = true }, sum);
        Assert.Equal(sum, sum + Cost.Free);
    }

    [Fact]
    public void Price_NothingUsedInAnUnknownTier_IsFree()
        => Assert.Equal(Cost.Free, Book.Price(Used.What("llama", tier: "on_demand"), new() { Requests = 1, Errors = 1 }));
}
