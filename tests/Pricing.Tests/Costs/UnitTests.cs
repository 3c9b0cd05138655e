using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Tests.Costs;

public sealed class UnitTests
{
    [Theory]
    [InlineData("whisper-1", "milliseconds", 9_000, "0.0009")]
    [InlineData("gpt-transcribe", "milliseconds", 60_000, "0.0045")]
    [InlineData("gpt-transcribe", "milliseconds", 1, "0.000000075")]
    [InlineData("gpt-live-1.1", "milliseconds", 90_000, "0.075")]
    [InlineData("gpt-realtime-translate", "milliseconds", 120_000, "0.068")]
    [InlineData("tts-1", "characters", 4_096, "0.06144")]
    [InlineData("tts-1-hd-1106", "characters", 1, "0.00003")]
    [InlineData("dall-e-2", "image:256x256", 3, "0.048")]
    [InlineData("dall-e-2", "image:standard 512x512", 1, "0.018")]
    [InlineData("dall-e-3", "image:standard 1024x1024", 1, "0.04")]
    [InlineData("dall-e-3", "image:1024x1024", 1, "0.04")]
    [InlineData("dall-e-3", "image:hd 1024x1024", 1, "0.08")]
    [InlineData("dall-e-3", "image:hd 1792x1024", 2, "0.24")]
    [InlineData("sora-2", "video:720x1280", 8_000, "0.8")]
    [InlineData("sora-2", "video:", 4_000, "0.4")]
    [InlineData("sora-2-pro", "video:1280x720", 4_000, "1.2")]
    [InlineData("sora-2-pro", "video:1792x1024", 4_000, "2")]
    [InlineData("gpt-6.2-sol", "tool:web_search", 3, "0.03")]
    [InlineData("", "tool:file_search", 1, "0.0025")]
    [InlineData("some-model", "tool:code_interpreter", 2, "0.06")]
    [InlineData("gpt-4o-search-preview-2025-03-11", "search:low", 1, "0.025")]
    [InlineData("gpt-4o-mini-search-preview", "search:high", 10, "0.25")]
    [InlineData("gpt-5-search-api", "search:medium", 1, "0.01")]
    [InlineData("whatever", "free", 5, "0")]
    public void Price_Unit_IsThatOfTheTable(string model, string unit, long quantity, string dollars)
        => Used.Is(decimal.Parse(dollars, System.Globalization.CultureInfo.InvariantCulture), Price(model, unit, quantity));

    [Theory]
    // Billed by tokens: its price per minute is an estimate.
    [InlineData("gpt-4o-transcribe", "milliseconds")]
    [InlineData("gpt-4o", "characters")]
    [InlineData("dall-e-3", "image:hd 256x256")]
    [InlineData("dall-e-3", "image:ultra 1024x1024")]
    [InlineData("gpt-image-1", "image:high 1024x1024")]
    [InlineData("sora-2-pro", "video:1920x1080")]
    [InlineData("sora-2-pro", "video:")]
    [InlineData("gpt-6.2-sol", "tool:image_generation")]
    [InlineData("gpt-6.2-sol", "tool:computer")]
    [InlineData("gpt-4o", "search:medium")]
    [InlineData("gpt-4o", "parsecs")]
    [InlineData("gpt-4o", "")]
    public void Price_UnitWithoutAPrice_IsUnpriced(string model, string unit) => Assert.Equal(Cost.Unpriced, Price(model, unit, 1));

    [Fact]
    public void Price_Unmetered_IsAlwaysUnpriced()
    {
        Assert.Equal(Cost.Unpriced, Price("gpt-4o", UsageUnit.Unmetered, 0));
        Assert.Equal(Cost.Unpriced, PriceBook.BuiltIn.Price(Used.What("", unit: UsageUnit.Unmetered), new() { Requests = 1 }));
    }

    [Theory]
    [InlineData("milliseconds")]
    [InlineData("tool:image_generation")]
    public void Price_NothingUsed_IsFree(string unit) => Assert.Equal(Cost.Free, Price("some-model", unit, 0));

    private static Cost Price(string model, string unit, long quantity)
        => PriceBook.BuiltIn.Price(Used.What(model, unit: unit), new() { Requests = 1, Quantity = quantity });
}
