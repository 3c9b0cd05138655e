namespace OpenAIProxy.Pricing.Tests.Lookup;

public sealed class LookupTests
{
    [Theory]
    // The answered name itself, its snapshots, snapshots of the same model that nobody listed.
    [InlineData("gpt-4o", "", 2.5)]
    [InlineData("gpt-4o-2024-05-13", "", 5)]
    [InlineData("gpt-4o-2027-01-01", "", 2.5)]
    [InlineData("GPT-4o", "", 2.5)]
    [InlineData("gpt-4-0613", "", 30)]
    [InlineData("gpt-4-0125-preview", "", 10)]
    [InlineData("gpt-4-turbo-2024-12-01", "", 10)]
    [InlineData("gpt-3.5-turbo-16k-0613", "", 3)]
    [InlineData("gpt-5-2026-01-01", "", 1.25)]
    // The name asked for only counts where the answered one is unknown.
    [InlineData("gpt-5-mini", "gpt-4o", 0.25)]
    [InlineData("", "gpt-4o", 2.5)]
    [InlineData("my-deployment", "gpt-4o", 2.5)]
    [InlineData("my-deployment", "gpt-4o-2026-01-01", 2.5)]
    [InlineData("gpt-4o-2024-05-13", "gpt-4o", 5)]
    // Others' spellings.
    [InlineData("openai/gpt-4o", "", 2.5)]
    [InlineData("openai/gpt-4o-2027-01-01", "", 2.5)]
    [InlineData("gpt-35-turbo", "", 0.5)]
    [InlineData("gpt-35-turbo-16k", "", 3)]
    [InlineData("gpt-35-turbo-1106", "", 1)]
    // Editions of a known model.
    [InlineData("gpt-5.2-high", "", 1.75)]
    [InlineData("gpt-5.2-2025-12-11-xhigh", "", 1.75)]
    [InlineData("gpt-6.2-sol-latest", "", 2)]
    [InlineData("gpt-5-mini-20250807", "", 0.25)]
    [InlineData("openai/gpt-5.2-low", "", 1.75)]
    [InlineData("gpt-4.1-nano-latest", "", 0.1)]
    public void Price_Name_IsFound(string answered, string asked, double dollars)
        => Used.Is((decimal)dollars, PriceBook.BuiltIn.Input(answered, asked: asked));

    [Theory]
    // A word that isn't an edition may be another model.
    [InlineData("gpt-5-astra")]
    [InlineData("gpt-5.4-astra")]
    [InlineData("gpt-6.2-sol-mini")]
    [InlineData("gpt-6.2-terra")]
    [InlineData("gpt-6-astra-pro")]
    [InlineData("gpt-4-vision-preview")]
    [InlineData("gpt-4-1")]
    [InlineData("gpt-5-2")]
    [InlineData("gpt-5-preview")]
    [InlineData("gpt-4o-mini-fancy-2026-01-01")]
    [InlineData("gpt-6.2-sol-fast")]
    [InlineData("o3-ultra")]
    // No boundary.
    [InlineData("gpt-5.25")]
    [InlineData("gpt-4oo")]
    [InlineData("gpt-55")]
    [InlineData("gpt-355-turbo")]
    [InlineData("gpt")]
    [InlineData("-")]
    [InlineData("gpt-4o-")]
    [InlineData("-2026-01-01")]
    [InlineData("2026-01-01")]
    [InlineData("openai/")]
    [InlineData("openai/openai/")]
    [InlineData("azure/gpt-4o")]
    public void Price_NameThatMayBeAnotherModel_IsUnpriced(string model)
    {
        Assert.Equal(Cost.Unpriced, PriceBook.BuiltIn.Input(model));
        Assert.Equal(Cost.Unpriced, PriceBook.BuiltIn.Input("unknown", asked: model));
    }

    [Theory]
    [InlineData("ft:gpt-4o-2024-08-06:acme:support:abc123", 3.75)]
    [InlineData("ft:gpt-4o-2024-08-06:acme::abc123", 3.75)]
    [InlineData("ft:gpt-4.1-nano-2025-04-14:acme:x:abc123:ckpt-step-88", 0.2)]
    [InlineData("ft:gpt-3.5-turbo:acme::abc", 3)]
    [InlineData("ft:gpt-3.5-turbo-0301:acme::abc", 3)]
    [InlineData("ft:babbage-002:acme::abc", 1.6)]
    [InlineData("ft:o4-mini-2025-04-16", 4)]
    public void Price_FineTunedModel_HasItsOwnPrice(string model, double dollars) => Used.Is((decimal)dollars, PriceBook.BuiltIn.Input(model));

    [Theory]
    [InlineData("ft:gpt-6.2-sol:acme::abc", "")]
    [InlineData("ft:gpt-6.2-sol:acme::abc", "gpt-6.2-sol")]
    [InlineData("ft:gpt-4.1-2026-01-01:acme::abc", "")]
    [InlineData("ft:", "")]
    [InlineData("ft::", "")]
    public void Price_FineTunedModelWithoutAPrice_IsNotItsBasesPrice(string model, string asked)
        => Assert.Equal(Cost.Unpriced, PriceBook.BuiltIn.Input(model, asked: asked));

    [Fact]
    public void Price_MoreNamesThanAreKept_StillAnswers()
    {
        var book = PriceFiles.Load("""{ "prices": [] }""");

        Parallel.For(0, 20_000, i => Assert.True(book.Input($"model-{i}").IsUnpriced));

        Used.Is(2.5m, book.Input("gpt-4o"));
        Used.Is(2.5m, book.Input("gpt-4o-2027-01-01"));
    }
}
