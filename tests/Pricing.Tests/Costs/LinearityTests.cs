using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Tests.Costs;

public sealed class LinearityTests
{
    [Fact]
    public void Price_SumOfRandomRows_IsTheSumOfTheirPrices()
    {
        var random = new Random(20261125);
        var models = PriceBook.BuiltIn.List(new DateOnly(2026, 11, 25)).Select(l => l.Model).ToArray();
        for (var round = 0; round < 2_000; round++)
        {
            var what = Used.What(
                models[random.Next(models.Length)], tier: random.GetItems(["default", "batch", "flex", "priority", "8h", "on_demand"], 1)[0],
                context: random.GetItems([0, 272_000], 1)[0], region: random.GetItems(["", "eu"], 1)[0]);
            var sum = new UsageCounts();
            var costs = Cost.Free;
            for (var i = 0; i < 5; i++)
            {
                var counts = Request(random);
                sum.Add(counts);
                costs += PriceBook.BuiltIn.Price(what, counts);
            }

            Assert.Equal(costs, PriceBook.BuiltIn.Price(what, sum));
            Assert.True(costs.Dollars >= 0);
        }
    }

    // As upstream reports it where it splits everything.
    private static UsageCounts Request(Random random)
    {
        long Some() => random.Next(1, 5_000);
        long text = Some(), cachedText = Some(), written = Some(), for12Hours = Some(), audio = Some(), cachedAudio = Some(), image = Some(),
            cachedImage = Some();
        long said = Some(), spoken = Some(), drawn = Some();
        return new UsageCounts
        {
            Requests = 1,
            Input = text + cachedText + written + for12Hours + audio + cachedAudio + image + cachedImage,
            CachedInput = cachedText + cachedAudio + cachedImage,
            CacheWrite = written + for12Hours,
            CacheWrite12h = for12Hours,
            AudioInput = audio + cachedAudio,
            CachedAudioInput = cachedAudio,
            ImageInput = image + cachedImage,
            CachedImageInput = cachedImage,
            Output = said + spoken + drawn,
            AudioOutput = spoken,
            ImageOutput = drawn,
        };
    }
}
