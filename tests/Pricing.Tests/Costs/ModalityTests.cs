using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Tests.Costs;

public sealed class ModalityTests
{
    [Fact]
    public void Price_RealtimeSession_PricesEveryKindOnce()
    {
        var counts = new UsageCounts
        {
            Input = 1_000,
            AudioInput = 500,
            ImageInput = 200,
            CachedInput = 260,
            CachedAudioInput = 100,
            CachedImageInput = 60,
            Output = 300,
            AudioOutput = 250,
        };

        // Text: 200 at 4, 100 cached at 0.4; audio: 400 at 32, 100 cached at 0.4; images: 140 at 5, 60 cached at 0.5; out: 50 at 24, 250 at 64.
        var expected = (200 * 4m) + (100 * 0.4m) + (400 * 32m) + (100 * 0.4m) + (140 * 5m) + (60 * 0.5m) + (50 * 24m) + (250 * 64m);
        Used.Is(expected / Used.Million, PriceBook.BuiltIn.Price(Used.What("gpt-realtime-2"), counts));
    }

    [Fact]
    public void Price_CachedAudioAtItsOwnPrice_IsNotTheTextsCachedPrice()
        => Used.Is(0.3m, PriceBook.BuiltIn.Price(Used.What("gpt-realtime-mini"), new()
        {
            Input = Used.Million,
            AudioInput = Used.Million,
            CachedInput = Used.Million,
            CachedAudioInput = Used.Million,
        }));

    [Fact]
    public void Price_CachedAudioWithoutAPrice_CostsTheFullPrice()
        => Used.Is(40m, PriceBook.BuiltIn.Price(Used.What("gpt-4o-realtime-preview"), new()
        {
            Input = Used.Million,
            AudioInput = Used.Million,
            CachedInput = Used.Million,
            CachedAudioInput = Used.Million,
        }));

    [Fact]
    public void Price_CachedThatIsNotSplit_IsTextFirst()
        => Used.Is((0.4m * 600) / Used.Million, PriceBook.BuiltIn.Price(Used.What("gpt-realtime"), new()
        {
            // 400 text, 200 audio, all cached.
            Input = 600,
            AudioInput = 200,
            CachedInput = 600,
        }));

    [Fact]
    public void Price_AudioChat_SplitsTextAndAudio()
        => Used.Is(2.5m + 32m + 10m + 64m, PriceBook.BuiltIn.Price(Used.What("gpt-audio"), new()
        {
            Input = 2 * Used.Million,
            AudioInput = Used.Million,
            Output = 2 * Used.Million,
            AudioOutput = Used.Million,
        }));

    [Fact]
    public void Price_AudioOfATextModel_LeavesThatPartUnpriced()
        => Assert.Equal(new Cost(2.5m, true), PriceBook.BuiltIn.Price(Used.What("gpt-4o"), new() { Input = 2 * Used.Million, AudioInput = Used.Million }));

    [Fact]
    public void Price_ImagesSeenByATextModel_CostItsTextPrice()
    {
        Used.Is(2.5m, PriceBook.BuiltIn.Price(Used.What("gpt-4o"), new() { Input = Used.Million, ImageInput = 900_000 }));
        Used.Is(1.25m, PriceBook.BuiltIn.Price(Used.What("gpt-4o"), new() { Input = Used.Million, ImageInput = Used.Million, CachedInput = Used.Million }));
    }

    [Fact]
    public void Price_ImageModel_SplitsInputAndOutput()
        => Used.Is(5m + 8m + 30m + 10m, PriceBook.BuiltIn.Price(Used.What("gpt-image-2"), new()
        {
            Input = 2 * Used.Million,
            ImageInput = Used.Million,
            Output = 2 * Used.Million,
            ImageOutput = Used.Million,
        }));

    [Theory]
    [InlineData("gpt-image-1", 40)]
    [InlineData("gpt-image-1-mini", 8)]
    [InlineData("gpt-image-1.5-2025-12-16", 32)]
    [InlineData("gpt-image-2.6-sunburst", 30)]
    public void Price_ImageModelsOutputWithoutASplit_IsImages(string model, double dollars)
        => Used.Is((decimal)dollars, PriceBook.BuiltIn.Price(Used.What(model), Used.Tokens(0, Used.Million)));

    [Fact]
    public void Price_ImageModelsTextOutputWithoutAPrice_IsUnpriced()
        => Assert.Equal(new Cost(40m, true),
            PriceBook.BuiltIn.Price(Used.What("gpt-image-1"), new() { Output = 2 * Used.Million, ImageOutput = Used.Million }));

    [Fact]
    public void Price_Transcription_IsAudioUnlessSplit()
    {
        Used.Is(6m, PriceBook.BuiltIn.Price(Used.What("gpt-4o-transcribe"), Used.Tokens(Used.Million)));
        Used.Is(2.5m + 6m + 10m, PriceBook.BuiltIn.Price(Used.What("gpt-4o-transcribe"), new()
        {
            Input = 2 * Used.Million,
            AudioInput = Used.Million,
            Output = Used.Million,
        }));
    }

    [Fact]
    public void Price_Speech_IsTextInAndAudioOut()
        => Used.Is(12.6m, PriceBook.BuiltIn.Price(Used.What("gpt-4o-mini-tts"), Used.Tokens(Used.Million, Used.Million)));
}
