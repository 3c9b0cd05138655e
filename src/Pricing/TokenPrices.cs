namespace OpenAIProxy.Pricing;

/// <summary>US dollars per million tokens, by kind. Null is unknown, never free; 0 is free.</summary>
public sealed record TokenPrices
{
    /// <summary>Input.</summary>
    public decimal? Input { get; init; }

    /// <summary>Input read from the cache.</summary>
    public decimal? CachedInput { get; init; }

    /// <summary>Input written to the cache for 30 minutes.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>Input written to the cache for 12 hours.</summary>
    public decimal? CacheWrite12h { get; init; }

    /// <summary>Output.</summary>
    public decimal? Output { get; init; }

    /// <summary>Audio input.</summary>
    public decimal? AudioInput { get; init; }

    /// <summary>Audio input read from the cache.</summary>
    public decimal? AudioCachedInput { get; init; }

    /// <summary>Audio output.</summary>
    public decimal? AudioOutput { get; init; }

    /// <summary>Image input.</summary>
    public decimal? ImageInput { get; init; }

    /// <summary>Image input read from the cache.</summary>
    public decimal? ImageCachedInput { get; init; }

    /// <summary>Image output.</summary>
    public decimal? ImageOutput { get; init; }

    /// <summary>The kinds by their names in a price file, with their prices.</summary>
    public IEnumerable<(string Name, decimal? Price)> All =>
    [
        ("input", Input), ("cachedInput", CachedInput), ("cacheWrite", CacheWrite), ("cacheWrite12h", CacheWrite12h), ("output", Output),
        ("audioInput", AudioInput), ("audioCachedInput", AudioCachedInput), ("audioOutput", AudioOutput),
        ("imageInput", ImageInput), ("imageCachedInput", ImageCachedInput), ("imageOutput", ImageOutput),
    ];

    /// <summary>All of them multiplied by <paramref name="factor"/>.</summary>
    internal TokenPrices Times(decimal factor) => From(
        All.Where(p => p.Price is not null).ToDictionary(p => p.Name, p => p.Price!.Value * factor));

    internal static TokenPrices From(IReadOnlyDictionary<string, decimal> prices)
    {
        return new TokenPrices
        {
            Input = Of("input"),
            CachedInput = Of("cachedInput"),
            CacheWrite = Of("cacheWrite"),
            CacheWrite12h = Of("cacheWrite12h"),
            Output = Of("output"),
            AudioInput = Of("audioInput"),
            AudioCachedInput = Of("audioCachedInput"),
            AudioOutput = Of("audioOutput"),
            ImageInput = Of("imageInput"),
            ImageCachedInput = Of("imageCachedInput"),
            ImageOutput = Of("imageOutput"),
        };

        decimal? Of(string name) => prices.TryGetValue(name, out var price) ? price : null;
    }
}
