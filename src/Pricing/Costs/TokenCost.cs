using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Costs;

/// <summary>Prices tokens by kind. All parts are disjoint and none is negative, whatever upstream counted.</summary>
internal static class TokenCost
{
    /// <summary>The cost of <paramref name="counts"/> in the tier and size class of <paramref name="what"/>, and its parts.</summary>
    public static Cost Of(PriceRow? row, UsageDimensions what, UsageCounts counts, List<Charge>? charges = null)
    {
        if (counts.Input <= 0 && counts.Output <= 0)
        {
            return Cost.Free;
        }

        if (row is null || TierPrices.Of(row, what.Tier, what.Context, out var isAssumed) is not { } prices)
        {
            return Cost.Unpriced;
        }

        var sum = new TokenSum(charges);
        AddInput(ref sum, row, prices, counts);
        AddOutput(ref sum, row, prices, counts);
        return sum.ToCost() with { IsAssumed = isAssumed };
    }

    private static void AddInput(ref TokenSum sum, PriceRow row, TokenPrices prices, UsageCounts counts)
    {
        var all = Math.Max(0, counts.Input);
        // What is transcribed is audio, also where upstream doesn't say so.
        var audio = row.Kind == PriceNames.TranscriptionKind && counts.AudioInput <= 0 ? all : Part(counts.AudioInput, all);
        // Text models that see take images at their text price.
        var image = prices.ImageInput is null && !row.Unknown.Contains("imageInput") ? 0 : Part(counts.ImageInput, all - audio);
        var text = all - audio - image;

        // The cache's part of audio and images is only known where upstream splits it. What then doesn't fit in the text must be theirs.
        var cached = Part(counts.CachedInput, all);
        var cachedAudio = Part(counts.CachedAudioInput, Math.Min(audio, cached));
        var cachedImage = image == 0 ? 0 : Part(counts.CachedImageInput, Math.Min(image, cached - cachedAudio));
        var cachedText = Math.Min(cached - cachedAudio - cachedImage, text);
        var rest = cached - cachedAudio - cachedImage - cachedText;
        var moreAudio = Math.Min(rest, audio - cachedAudio);
        cachedAudio += moreAudio;
        cachedImage += Math.Min(rest - moreAudio, image - cachedImage);
        var written = Part(counts.CacheWrite, text - cachedText);
        var written12h = Part(counts.CacheWrite12h, written);

        sum.Add("input tokens", text - cachedText - written, prices.Input);
        sum.Add("cached input tokens", cachedText, prices.CachedInput ?? (row.Unknown.Contains("cachedInput") ? null : prices.Input));
        sum.Add("cache write tokens", written - written12h, prices.CacheWrite ?? (row.BillsCacheWrites ? null : prices.Input));
        sum.Add("12-hour cache write tokens", written12h, prices.CacheWrite12h ?? (row.BillsCacheWrites ? null : prices.Input));
        sum.Add("audio input tokens", audio - cachedAudio, prices.AudioInput);
        sum.Add("cached audio input tokens", cachedAudio, prices.AudioCachedInput ?? (row.Unknown.Contains("audioCachedInput") ? null : prices.AudioInput));
        sum.Add("image input tokens", image - cachedImage, prices.ImageInput);
        sum.Add("cached image input tokens", cachedImage, prices.ImageCachedInput ?? (row.Unknown.Contains("imageCachedInput") ? null : prices.ImageInput));
    }

    private static void AddOutput(ref TokenSum sum, PriceRow row, TokenPrices prices, UsageCounts counts)
    {
        var all = Math.Max(0, counts.Output);
        var audio = row.Kind == PriceNames.SpeechKind && counts.AudioOutput <= 0 ? all : Part(counts.AudioOutput, all);
        var image = row.Kind == PriceNames.ImageKind && counts.ImageOutput <= 0 ? all - audio : Part(counts.ImageOutput, all - audio);
        sum.Add("output tokens", all - audio - image, prices.Output);
        sum.Add("audio output tokens", audio, prices.AudioOutput);
        sum.Add("image output tokens", image, prices.ImageOutput);
    }

    private static long Part(long tokens, long whole) => Math.Clamp(tokens, 0, Math.Max(0, whole));
}
