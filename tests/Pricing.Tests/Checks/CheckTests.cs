namespace OpenAIProxy.Pricing.Tests.Checks;

public sealed class CheckTests
{
    private static readonly DateOnly Today = new(2026, 11, 25);

    [Fact]
    public void Check_BuiltInPrices_HaveNoErrors()
    {
        var findings = PriceBook.BuiltIn.Check(Today);

        Assert.DoesNotContain(findings, f => f.Severity == PriceSeverity.Error);
        Assert.Equal(findings.OrderByDescending(f => f.Severity), findings);
    }

    [Theory]
    [InlineData("gpt-5.6-sol", PriceSeverity.Warning, "a promotion that was assured until 2026-11-21, and no price after it is known")]
    [InlineData("gpt-6.2-astra", PriceSeverity.Warning, "the price of cacheWrite is not known")]
    [InlineData("gpt-6.2-astra", PriceSeverity.Note, "known from third parties only")]
    [InlineData("tool:image_generation", PriceSeverity.Warning, "has no price at all")]
    [InlineData("gpt-6.2-sol", PriceSeverity.Note, "not yet in force; from 2027-03-01 on")]
    [InlineData("gpt-6.2-sol", PriceSeverity.Note, "no price before 2026-11-17")]
    [InlineData("gpt-6.2-sol", PriceSeverity.Note, "no price in flex")]
    [InlineData("gpt-4o", PriceSeverity.Note, "as gpt-4o-2024-08-06 is announced to end on 2027-01-14")]
    [InlineData("gpt-6-sol", PriceSeverity.Note, "computed by general rules")]
    [InlineData("gpt-5.1-codex", PriceSeverity.Note, "no price in flex")]
    [InlineData("gpt-5.2-pro", PriceSeverity.Note, "has no cachedInput, though models of its family have")]
    [InlineData("gpt-4.1", PriceSeverity.Note, "no cachedInput in batch: cached input costs the full price there")]
    [InlineData("o1", PriceSeverity.Note, "ended on 2026-10-23")]
    [InlineData("gpt-image-1.5", PriceSeverity.Note, "is announced to end on 2026-12-01")]
    public void Check_BuiltInPrices_SayWhatIsUncertain(string model, PriceSeverity severity, string message)
        => Has(PriceBook.BuiltIn, model, severity, message);

    [Fact]
    public void Check_PromotionThatIsStillAssured_IsANote()
    {
        var findings = PriceBook.BuiltIn.Check(new DateOnly(2026, 11, 21));

        Assert.Contains(findings, f => f is { Model: "gpt-5.6-sol", Severity: PriceSeverity.Note }
            && f.Message.StartsWith("a promotion", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "default": { "input": 1, "cachedInput": 2, "output": 1 } }""", "default: cachedInput 2 is above the full price 1")]
    [InlineData("""{ "default": { "input": 1 } }""", "default has no price of output")]
    [InlineData("""{ "default": { "output": 1 } }""", "default has no price of input")]
    [InlineData("""{ "default": { "input": 1, "output": 1 }, "batch": { "input": 1.5, "output": 1 } }""", "batch: input 1.5 is above the default tier's 1")]
    [InlineData("""{ "default": { "input": 1, "output": 1 }, "priority": { "input": 1, "output": 0.5 } }""", "priority: output 0.5 is below the default tier's 1")]
    public void Check_PricesThatContradictEachOther_AreErrors(string tokens, string message)
        => Has(PriceFiles.Load($$"""{ "prices": [ { "model": "m", "tokens": {{tokens}} } ] }"""), "m", PriceSeverity.Error, message);

    [Fact]
    public void Check_OddRows_AreFound()
    {
        var book = PriceFiles.Load("""
            { "prices": [
              { "model": "a", "tokens": { "default": { "input": 2, "cacheWrite": 3, "output": 1 }, "batch": { "input": 1, "output": 1 } } },
              { "model": "b", "perCall": 1 }, { "model": "b", "from": "2026-01-01", "perCall": 1 },
              { "model": "c" },
              { "model": "d", "tokens": { "flex": { "input": 1, "output": 1 } } },
              { "model": "e", "tokens": { "default": { "input": 2, "output": 1 } }, "longContext": { "above": 272000, "default": { "input": 1, "output": 1 }, "flex": { "input": 1, "output": 1 } } },
              { "model": "f", "unknown": ["cachedInput"], "tokens": { "default": { "input": 2, "cachedInput": 1, "output": 1 } } },
              { "model": "g", "from": "2026-01-01", "promotionUntil": "2025-01-01", "perCall": 1 }
            ] }
            """);

        Has(book, "a", PriceSeverity.Warning, "batch has no cacheWrite");
        Has(book, "b", PriceSeverity.Warning, "is the same as the price before it");
        Has(book, "c", PriceSeverity.Warning, "has no price at all");
        Has(book, "d", PriceSeverity.Warning, "default has no price, other tiers have");
        Has(book, "e", PriceSeverity.Error, "longContext.default: input 1 is below 2 without long context");
        Has(book, "e", PriceSeverity.Error, "longContext has a price in flex, tokens has none");
        Has(book, "f", PriceSeverity.Error, "cachedInput is said to be unknown, and has a price");
        Has(book, "g", PriceSeverity.Error, "a promotion from 2026-01-01 that ends on 2025-01-01");
    }

    // A hole is found whichever tier it is in, and whichever tier shows that there is one.
    [Theory]
    [InlineData("\"default\": { \"input\": 4, \"output\": 4 }", "", "no price of long requests in batch, on_demand, priority, though default has one")]
    [InlineData("\"batch\": { \"input\": 2, \"output\": 2 }", "", "no price of long requests in default, on_demand, priority, though batch has one")]
    [InlineData("\"default\": { \"input\": 4, \"output\": 4 }", "\"fast\", \"batch\"", "no price of long requests in on_demand, though default has one")]
    public void Check_TierWithoutAPriceOfLongRequests_IsFound(string tiers, string excludes, string message)
        => Has(Long(tiers, excludes), "m", PriceSeverity.Warning, message);

    [Fact]
    public void Check_TierThatIsNotOfferedInLongRequests_IsNoHole()
    {
        var book = Long("\"default\": { \"input\": 4, \"output\": 4 }", "\"priority\", \"batch\", \"on_demand\"");

        Assert.DoesNotContain(book.Check(Today), f => f.Model == "m" && f.Message.Contains("long requests", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_BuiltInPrices_LackNoPriceOfLongRequests()
        => Assert.DoesNotContain(PriceBook.BuiltIn.Check(Today), f => f.Message.StartsWith("no price of long requests in ", StringComparison.Ordinal));

    [Fact]
    public void Check_RowsThatAreIncompleteInTheirFactors_AreFound()
    {
        var book = PriceFiles.Load("""
            { "prices": [
              { "model": "a", "tokens": { "default": { "input": 2, "cacheWrite": 3, "cacheWrite12h": 2.5, "output": 1 }, "batch": { "input": 1, "cacheWrite": 1, "output": 1 } } },
              { "model": "b", "tokens": { "default": { "input": 2, "cachedInput": 1, "output": 1 } }, "longContext": { "above": 272000, "default": { "input": 4, "output": 2 } } },
              { "model": "c", "tokens": { "default": { "input": 2, "output": 1 } }, "longContext": { "above": 272000 } },
              { "model": "d", "tokens": { "default": { "input": 2, "output": 1 } }, "tierFactors": { "8h": 1.2 } },
              { "model": "e", "derived": ["batch", "default.cachedInput", "longContext.default", "default.input", "perCall"], "tokens": { "default": { "input": 2, "output": 1 } } },
              { "model": "f", "inputPerCall": { "web_search": 8000 }, "tokens": { "default": { "input": 2, "output": 1 } } },
              { "model": "g", "tokens": { "default": { "input": 2, "output": 1 }, "fast": { "input": 4, "output": 2 } },
                "longContext": { "above": 272000, "default": { "input": 4, "output": 2 }, "fast": { "input": 10, "output": 4 } } },
              { "model": "g", "from": "2026-02-01", "tokens": { "default": { "input": 3, "output": 1 } } },
              { "model": "h", "tokens": { "default": { "input": 2, "output": 1 }, "prioriti": { "input": 4, "output": 2 } } }
            ] }
            """);

        Has(book, "a", PriceSeverity.Warning, "default: cacheWrite12h 2.5 is below the price of a shorter write 3");
        Has(book, "a", PriceSeverity.Warning, "batch has no cacheWrite12h");
        Has(book, "b", PriceSeverity.Warning, "longContext.default has no cachedInput, though default has");
        Has(book, "c", PriceSeverity.Warning, "longContext has no prices: long requests cost as others do");
        Has(book, "d", PriceSeverity.Error, "8h: input 2.4 is above the default tier's 2");
        Has(book, "e", PriceSeverity.Warning, "batch is said to be computed by general rules, and isn't there");
        Has(book, "e", PriceSeverity.Warning, "default.cachedInput is said to be computed");
        Has(book, "e", PriceSeverity.Warning, "longContext.default is said to be computed");
        Assert.Equal(3, book.Check(Today).Count(f => f.Model == "e" && f.Message.EndsWith("isn't there", StringComparison.Ordinal)));
        Has(book, "f", PriceSeverity.Error, "inputPerCall names web_search, which is no tool:…");
        Has(book, "g", PriceSeverity.Note, "input in priority is 2 times the default tier's, in long requests 2.5 times");
        Has(book, "g", PriceSeverity.Note, "no price any more in priority, which had one before");
        Has(book, "h", PriceSeverity.Note, "prioriti: not among OpenAI's tiers");
    }

    private static PriceBook Long(string tiers, string excludes) => PriceFiles.Load($$"""
        { "prices": [ {
          "model": "m",
          "tokens": {
            "default": { "input": 2, "output": 2 }, "batch": { "input": 1, "output": 1 }, "priority": { "input": 4, "output": 4 },
            "on_demand": { "input": 2, "output": 2 }
          },
          "longContext": { "above": 272000, "excludes": [{{excludes}}], {{tiers}} }
        } ] }
        """);

    private static void Has(PriceBook book, string model, PriceSeverity severity, string message)
        => Assert.Contains(book.Check(Today), f => f.Model == model && f.Severity == severity && f.Message.StartsWith(message, StringComparison.Ordinal));
}
