using System.Collections.Frozen;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing;

/// <summary>What one model costs from one date on.</summary>
internal sealed record PriceRow
{
    /// <summary>The model, or <c>tool:</c> and a tool's name.</summary>
    public required string Model { get; init; }

    /// <summary>The first day (UTC) of these prices; <see cref="DateOnly.MinValue"/> if they have held since always.</summary>
    public DateOnly From { get; init; }

    /// <summary>What the model is for: one of <see cref="PriceNames.Kinds"/>.</summary>
    public string Kind { get; init; } = "chat";

    /// <summary>Other names of the model at the same prices: snapshots, aliases.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];

    /// <summary>Prices of tokens by service tier. A tier that isn't there has no known price.</summary>
    public FrozenDictionary<string, TokenPrices> Tokens { get; init; } = FrozenDictionary<string, TokenPrices>.Empty;

    /// <summary>Requests with more input tokens than this are billed by <see cref="LongTokens"/> as a whole; null if length doesn't matter.</summary>
    public int? LongAbove { get; init; }

    /// <summary>Prices of tokens in long requests by service tier.</summary>
    public FrozenDictionary<string, TokenPrices> LongTokens { get; init; } = FrozenDictionary<string, TokenPrices>.Empty;

    /// <summary>Service tiers that upstream doesn't offer for long requests: no hole in the prices.</summary>
    public FrozenSet<string> LongExcludes { get; init; } = FrozenSet<string>.Empty;

    /// <summary>
    /// Service tiers whose prices of tokens are those of <see cref="ServiceTier.Default"/> times a factor, in long requests too. Where a row has
    /// been read, <see cref="Tokens"/> and <see cref="LongTokens"/> have them.
    /// </summary>
    public FrozenDictionary<string, decimal> TierFactors { get; init; } = FrozenDictionary<string, decimal>.Empty;

    /// <summary>
    /// True if the model thinks before it answers, which decides about the price of some tools; null if the row doesn't say. In a
    /// <see cref="Lookup.PriceTable"/> a row that doesn't say has what the product's own row of the model says.
    /// </summary>
    public bool? Reasons { get; init; }

    /// <summary>
    /// Input tokens, by tool, that a call of it is billed at the model's own price besides the tool's; null if the row doesn't say, as
    /// <see cref="Reasons"/>.
    /// </summary>
    public FrozenDictionary<string, int>? InputPerCall { get; init; }

    /// <summary>What prices are multiplied by where a region's host was asked.</summary>
    public decimal RegionalFactor { get; init; } = 1m;

    /// <summary>What its prices are multiplied by where the host of <paramref name="region"/> was asked; empty for the global one.</summary>
    public decimal FactorIn(string region) => region.Length == 0 ? 1m : RegionalFactor;

    /// <summary>US dollars per minute of audio.</summary>
    public decimal? PerMinute { get; init; }

    /// <summary>US dollars per million characters.</summary>
    public decimal? Per1MCharacters { get; init; }

    /// <summary>US dollars per call.</summary>
    public decimal? PerCall { get; init; }

    /// <summary>US dollars per call where the model that calls <see cref="Reasons"/>; null if that makes no difference.</summary>
    public decimal? PerCallReasoning { get; init; }

    /// <summary>US dollars per call by size, such as a container's memory; empty if that makes no difference.</summary>
    public FrozenDictionary<string, decimal> PerCallBySize { get; init; } = FrozenDictionary<string, decimal>.Empty;

    /// <summary>US dollars per image by quality and size, or by size alone.</summary>
    public FrozenDictionary<string, decimal> PerImage { get; init; } = FrozenDictionary<string, decimal>.Empty;

    /// <summary>US dollars per second of video by size; <see cref="PriceNames.Any"/> for all sizes.</summary>
    public FrozenDictionary<string, decimal> PerVideoSecond { get; init; } = FrozenDictionary<string, decimal>.Empty;

    /// <summary>US dollars per call of a search model by size of the context; <see cref="PriceNames.Any"/> for all sizes.</summary>
    public FrozenDictionary<string, decimal> PerSearchCall { get; init; } = FrozenDictionary<string, decimal>.Empty;

    /// <summary>Kinds of tokens that are billed at a price nobody knows, so that no other price stands in for it.</summary>
    public FrozenSet<string> Unknown { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The parts that were computed by a general rule, not read for this model.</summary>
    public IReadOnlyList<string> Derived { get; init; } = [];

    /// <summary>The last day that the promotion in these prices is assured for; null if they are no promotion.</summary>
    public DateOnly? PromotionUntil { get; init; }

    /// <summary>When the model ends, or ended, by name; <see cref="PriceNames.Any"/> for all its names. Empty if nothing is announced.</summary>
    public FrozenDictionary<string, DateOnly> Shutdowns { get; init; } = FrozenDictionary<string, DateOnly>.Empty;

    /// <summary>Anything else worth knowing.</summary>
    public string? Note { get; init; }

    /// <summary>Where the prices were read.</summary>
    public string? Source { get; init; }

    /// <summary>How sure they are: one of <see cref="PriceNames.Confidences"/>.</summary>
    public string? Confidence { get; init; }

    /// <summary>True if the row is from the operator's own file.</summary>
    public bool IsOwn { get; init; }

    /// <summary>True if the model bills writing to the cache, though not every tier may have a price for it.</summary>
    public bool BillsCacheWrites { get; init; }

    /// <summary>True if no price of any unit is known.</summary>
    public bool IsEmpty
        => Tokens.Count + PerImage.Count + PerVideoSecond.Count + PerSearchCall.Count + PerCallBySize.Count == 0
        && PerMinute is null && Per1MCharacters is null && PerCall is null && PerCallReasoning is null;
}
