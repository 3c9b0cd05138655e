namespace OpenAIProxy.Pricing.Tests.Files;

/// <summary>The factors of a price file: what is new tomorrow is to be data.</summary>
public sealed class FactorTests
{
    private static readonly PriceBook Book = PriceFiles.Load("""
        { "prices": [
          { "model": "m", "reasoning": true,
            "tokens": {
              "default": { "input": 10, "cachedInput": 1, "cacheWrite": 12, "cacheWrite12h": 20, "output": 50 },
              "flex": { "input": 4, "output": 20 }
            },
            "longContext": { "above": 128000, "excludes": ["16h"], "default": { "input": 20, "output": 60 } },
            "tierFactors": { "8h": 0.5, "16h": 0.25, "Fast": 3, "flex": 0.5 },
            "inputPerCall": { "tool:maps": 1000 },
            "regionalFactor": 1.5 },
          { "model": "plain", "tokens": { "default": { "input": 10, "output": 50 } } },
          { "model": "tool:maps", "also": ["tool:places"], "perCall": 0.5, "perCallReasoning": 0.25, "perCallBySize": { "world": 2 } },
          { "model": "tool:maps:town", "perCall": 0.125 },
          { "model": "tool:box", "perCall": 0.125 }
        ] }
        """);

    [Theory]
    [InlineData("8h", 0, 5, 25)]
    [InlineData("16h", 0, 2.5, 12.5)]
    [InlineData("fast", 0, 30, 150)]
    [InlineData("priority", 128_000, 60, 180)]
    [InlineData("8h", 128_000, 10, 30)]
    // What is listed comes before a factor, and long requests have no such list of flex.
    [InlineData("flex", 0, 4, 20)]
    [InlineData("flex", 128_000, 10, 30)]
    public void Price_TierWithAFactor_IsTheDefaultPriceTimesIt(string tier, int context, double input, double output)
    {
        Used.Is((decimal)input, Book.Price(Used.What("m", tier: tier, context: context), Used.Tokens(Used.Million)));
        Used.Is((decimal)output, Book.Price(Used.What("m", tier: tier, context: context), Used.Tokens(0, Used.Million)));
    }

    [Fact]
    public void Price_FactorOfATierThatLongRequestsExclude_IsNone()
        => Assert.Equal(Cost.Unpriced, Book.Price(Used.What("m", tier: "16h", context: 128_000), Used.Tokens(1)));

    [Fact]
    public void Price_Factor_IsOfEveryKind()
        => Used.Is(0.5m + 6m + 10m, Book.Price(Used.What("m", tier: "8h"), new()
        {
            Input = 3 * Used.Million,
            CachedInput = Used.Million,
            CacheWrite = 2 * Used.Million,
            CacheWrite12h = Used.Million,
        }));

    [Theory]
    // The tool's price, and 1,000 tokens of input at the model's.
    [InlineData("m", "default", "", "tool:maps", 0.25 + 0.01)]
    [InlineData("m", "8h", "", "tool:maps", 0.25 + 0.005)]
    [InlineData("m", "default", "eu", "tool:maps", 0.25 + 0.015)]
    [InlineData("m", "default", "", "tool:places", 0.25 + 0.01)]
    [InlineData("m", "default", "", "tool:maps:world", 2 + 0.01)]
    [InlineData("m", "default", "", "tool:maps:town", 0.125)]
    [InlineData("plain", "default", "", "tool:maps", 0.5)]
    // A tool that says nothing of sizes and models costs the same for all.
    [InlineData("m", "default", "", "tool:box", 0.125)]
    [InlineData("m", "default", "", "tool:box:huge", 0.125)]
    public void Price_Tool_DependsOnItsSizeAndOnTheModel(string model, string tier, string region, string unit, double dollars)
        => Used.Is((decimal)dollars, Call(model, tier, region, unit));

    [Fact]
    public void Price_ToolOfAModelThatNoPriceHas_IsThatOfOneThatDoesNotReason()
    {
        Assert.Equal(new Cost(0.5m, false) { IsAssumed = true }, Call("unheard-of", "default", "", "tool:maps"));
        Assert.Equal(new Cost(0.125m, false), Call("unheard-of", "default", "", "tool:box"));
    }

    [Fact]
    public void Price_InputOfACallInATierWithoutAPrice_LeavesThatPartUnpriced()
        => Assert.Equal(new Cost(0.25m, true), Call("m", "scale", "", "tool:maps"));

    [Fact]
    public void Price_ToolsOfTheProduct_TakeReasoningFromOwnModels()
    {
        Used.Is(0.01m, Call("m", "default", "", "tool:web_search_preview"));
        Used.Is(0.025m, Call("plain", "default", "", "tool:web_search_preview"));
    }

    // A file written before anybody asked whether a model reasons.
    [Theory]
    [InlineData("gpt-5", "tool:web_search_preview", 0.01)]
    [InlineData("gpt-5-2025-08-07", "tool:web_search_preview", 0.01)]
    [InlineData("gpt-4.1", "tool:web_search_preview", 0.025)]
    [InlineData("gpt-4.1-mini", "tool:web_search", 0.01 + 0.016)]
    [InlineData("gpt-4o-mini", "tool:web_search", 0.01)]
    [InlineData("o3", "tool:web_search_preview", 0.025)]
    public void Price_OwnPriceThatDoesNotSayWhatTheModelIs_LeavesItAsItIs(string model, string unit, double dollars)
    {
        var book = PriceFiles.Load("""
            { "prices": [
              { "model": "gpt-5", "tokens": { "default": { "input": 1, "output": 8 } } },
              { "model": "gpt-4.1", "from": "2026-01-01", "tokens": { "default": { "input": 1, "output": 8 } } },
              { "model": "gpt-4.1-mini", "from": "2026-01-01", "tokens": { "default": { "input": 2, "output": 8 } } },
              { "model": "gpt-4o-mini", "inputPerCall": {}, "tokens": { "default": { "input": 2, "output": 8 } } },
              { "model": "o3", "reasoning": false, "tokens": { "default": { "input": 2, "output": 8 } } }
            ] }
            """);

        Used.Is((decimal)dollars, book.Price(Used.What(model, unit: unit), new() { Requests = 1, Quantity = 1 }));
    }

    private static Cost Call(string model, string tier, string region, string unit)
        => Book.Price(Used.What(model, tier: tier, region: region, unit: unit), new() { Requests = 1, Quantity = 1 });
}
