namespace OpenAIProxy.Pricing;

/// <summary>All that is known of what a model costs on a day.</summary>
public sealed record PriceDetails
{
    /// <summary>The name under which the price stands: the model's, where a snapshot or another spelling of it was asked for.</summary>
    public required string Model { get; init; }

    /// <summary>What it is for: <c>chat</c>, <c>embedding</c>, <c>image</c> …</summary>
    public required string Kind { get; init; }

    /// <summary>The first day (UTC) of these prices; null if they have held since always.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last day of these prices; null while no others are known to follow.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>Prices of tokens by service tier. A tier that isn't there has no known price.</summary>
    public IReadOnlyList<TierPrices> Tokens { get; init; } = [];

    /// <summary>Requests with more input tokens than this are billed by <see cref="LongTokens"/> as a whole; null if length doesn't matter.</summary>
    public int? LongAbove { get; init; }

    /// <summary>Prices of tokens in long requests by service tier.</summary>
    public IReadOnlyList<TierPrices> LongTokens { get; init; } = [];

    /// <summary>Prices of everything but tokens.</summary>
    public IReadOnlyList<UnitPrice> Units { get; init; } = [];

    /// <summary>What prices are multiplied by where a region's host was asked; 1 if that makes no difference.</summary>
    public decimal RegionalFactor { get; init; } = 1m;

    /// <summary>Kinds of tokens that are billed at a price nobody knows.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>The parts that were computed by a general rule, not read for this model.</summary>
    public IReadOnlyList<string> Derived { get; init; } = [];

    /// <summary>The last day that the promotion in these prices is assured for; null if they are no promotion.</summary>
    public DateOnly? PromotionUntil { get; init; }

    /// <summary>When the model ends, or ended; null if nothing is announced.</summary>
    public DateOnly? Shutdown { get; init; }

    /// <summary>Anything else worth knowing; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Where the prices were read, by its name in the price file; null if that isn't said.</summary>
    public string? Source { get; init; }

    /// <summary>How sure they are: <c>official-page</c>, <c>aggregator</c>, <c>third-party</c> or <c>contract</c>; null if that isn't said.</summary>
    public string? Confidence { get; init; }

    /// <summary>True if the price is from the operator's own file.</summary>
    public bool IsOwn { get; init; }

    /// <param name="row">What is in force.</param>
    /// <param name="name">The name that was asked for.</param>
    /// <param name="next">The first day of the prices that follow; null for none.</param>
    internal static PriceDetails Of(PriceRow row, string name, DateOnly? next) => new()
    {
        Model = row.Model,
        Kind = row.Kind,
        From = row.From == DateOnly.MinValue ? null : row.From,
        Until = next?.AddDays(-1),
        Tokens = TierPrices.Of(row.Tokens),
        LongAbove = row.LongAbove,
        LongTokens = TierPrices.Of(row.LongTokens),
        Units = UnitPrice.Of(row),
        RegionalFactor = row.RegionalFactor,
        Unknown = [.. row.Unknown.Order(StringComparer.Ordinal)],
        Derived = row.Derived,
        PromotionUntil = row.PromotionUntil,
        Shutdown = row.Shutdowns.TryGetValue(name, out var day) || row.Shutdowns.TryGetValue(PriceNames.Any, out day) ? day : null,
        Note = row.Note,
        Source = row.Source,
        Confidence = row.Confidence,
        IsOwn = row.IsOwn,
    };
}
