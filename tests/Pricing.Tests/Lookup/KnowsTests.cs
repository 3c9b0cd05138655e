namespace OpenAIProxy.Pricing.Tests.Lookup;

public sealed class KnowsTests
{
    [Theory]
    [InlineData("gpt-4o")]
    [InlineData("gpt-4o-2024-08-06")]
    [InlineData("gpt-5.6")]
    [InlineData("ft:gpt-4o-2024-08-06")]
    public void Knows_ListedName_IsTrue(string model) => Assert.True(PriceBook.BuiltIn.Knows(model));

    // All of these have a price if they answer, and there are any number of them.
    [Theory]
    [InlineData("gpt-4o-2031-01-01")]
    [InlineData("gpt-4o-0001")]
    [InlineData("gpt-4o-latest-latest")]
    [InlineData("GPT-4o")]
    [InlineData("openai/gpt-4o")]
    [InlineData("ft:gpt-4o-2024-08-06:me::1")]
    [InlineData("some-model")]
    [InlineData("tool:web_search")]
    [InlineData("")]
    public void Knows_NameThatACallerCanMakeUp_IsFalse(string model) => Assert.False(PriceBook.BuiltIn.Knows(model));

    [Fact]
    public void Knows_NamesOfOwnPrices_AreKnownInTheirSpelling()
    {
        var book = PriceFiles.Load("""{ "prices": [{ "model": "Llama-4", "also": ["llama-4-chat"], "tokens": { "default": { "input": 1, "output": 2 } } }] }""");

        Assert.True(book.Knows("Llama-4"));
        Assert.True(book.Knows("llama-4-chat"));
        Assert.False(book.Knows("llama-4"));
    }
}
