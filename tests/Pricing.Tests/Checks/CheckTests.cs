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
    [InlineData("gpt-6.2-sol", PriceSeverity.Note, "no price of long requests in priority, ultrafast")]
    [InlineData("gpt-6-sol", PriceSeverity.Note, "computed by general rules")]
    [InlineData("gpt-5.1", PriceSeverity.Note, "no price in flex")]
    [InlineData("gpt-5.2-pro", PriceSeverity.Note, "has no cachedInput, though models of its family have")]
    [InlineData("gpt-5.5", PriceSeverity.Note, "no cachedInput in batch: cached input costs the full price there")]
    [InlineData("gpt-3.5-turbo-1106", PriceSeverity.Note, "ended on 2026-09-28")]
    [InlineData("gpt-image-1.5", PriceSeverity.Note, "is announced to end on 2026-12-01")]
    public void Check_BuiltInPrices_SayWhatIsUncertain(string model, PriceSeverity severity, string message) => Has(PriceBook.BuiltIn, model, severity, message);

    [Fact]
    public void Check_PromotionThatIsStillAssured_IsANote()
    {
        var findings = PriceBook.BuiltIn.Check(new DateOnly(2026, 11, 21));

        Assert.Contains(findings, f => f is { Model: "gpt-5.6-sol", Severity: PriceSeverity.Note } && f.Message.StartsWith("a promotion", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "default": { "input": 1, "cachedInput": 2, "output": 1 } }""", "default: cachedInput 2 is above the full price 1")]
    [InlineData("""{ "default": { "input": 1 } }""", "default has no price of output")]
    [InlineData("""{ "default": { "output": 1 } }""", "default has no price of input")]
    [InlineData("""{ "default": { "input": 1, "output": 1 }, "batch": { "input": 1.5, "output": 1 } }""", "batch: input 1.5 is above the default tier's 1")]
    [InlineData("""{ "default": { "input": 1, "output": 1 }, "priority": { "input": 1, "output": 0.5 } }""", "priority: output 0.5 is below the default tier's 1")]
    public void Check_PricesThatContradictEachOther_AreErrors(string tokens, string message) =>
        Has(PriceFiles.Load($$"""{ "prices": [ { "model": "m", "tokens": {{tokens}} } ] }"""), "m", PriceSeverity.Error, message);

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

    private static void Has(PriceBook book, string model, PriceSeverity severity, string message) =>
        Assert.Contains(book.Check(Today), f => f.Model == model && f.Severity == severity && f.Message.StartsWith(message, StringComparison.Ordinal));
}
