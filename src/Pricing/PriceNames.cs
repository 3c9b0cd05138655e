using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing;

/// <summary>The words of a price file.</summary>
internal static class PriceNames
{
    /// <summary>Stands for every size that isn't listed.</summary>
    public const string Any = "*";

    /// <summary>An image model: output that isn't told apart is images.</summary>
    public const string ImageKind = "image";

    /// <summary>A transcription model: input that isn't told apart is audio.</summary>
    public const string TranscriptionKind = "transcription";

    /// <summary>A speech model: output that isn't told apart is audio.</summary>
    public const string SpeechKind = "speech";

    public static readonly string[] Kinds =
    [
        "chat", "responses", "completion", "embedding", ImageKind, TranscriptionKind, SpeechKind, "realtime", "live", "moderation", "video", "tool",
    ];

    /// <summary>OpenAI's tiers. An operator's file may have others.</summary>
    public static readonly string[] Tiers =
    [
        ServiceTier.Default, ServiceTier.Batch, ServiceTier.Flex, ServiceTier.Priority, ServiceTier.Ultrafast, ServiceTier.Scale,
        ServiceTier.Window2h, ServiceTier.Window8h,
    ];

    public static readonly string[] TokenKinds = [.. new TokenPrices().All.Select(p => p.Name)];

    /// <summary>The kinds for which another price would stand in if they weren't declared unknown.</summary>
    public static readonly string[] Declarable = ["cachedInput", "cacheWrite", "cacheWrite12h", "audioCachedInput", "imageInput", "imageCachedInput"];

    public static readonly string[] Confidences = ["official-page", "aggregator", "third-party", "contract"];

    /// <summary>
    /// The name under which a tier's prices are kept: <c>fast</c> is <c>priority</c>, <c>standard</c> is <c>default</c>, however they are written.
    /// Files and answers are read alike, so that what an operator writes is what an answer of that word finds.
    /// </summary>
    public static string Tier(string word) => ServiceTier.Of(word.ToLowerInvariant());
}
