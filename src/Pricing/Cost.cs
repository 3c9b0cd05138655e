namespace OpenAIProxy.Pricing;

/// <summary>What usage cost.</summary>
/// <param name="Dollars">US dollars of the part that has a price; exact, never rounded.</param>
/// <param name="IsUnpriced">
/// True if there is a part without a price. Then <paramref name="Dollars"/> is the rest, and 0 doesn't mean free: show "unpriced".
/// </param>
public readonly record struct Cost(decimal Dollars, bool IsUnpriced)
{
    /// <summary>Nothing to pay.</summary>
    public static Cost Free => default;

    /// <summary>All of it has no known price.</summary>
    public static Cost Unpriced => new(0m, true);

    /// <summary>
    /// True if a part is priced by what is assumed of it: a service tier of a name that no price has is taken for the default one, a model that
    /// no price has for one that doesn't reason.
    /// </summary>
    public bool IsAssumed { get; init; }

    /// <summary>Both together.</summary>
    public static Cost operator +(Cost left, Cost right) => new(left.Dollars + right.Dollars, left.IsUnpriced || right.IsUnpriced)
    {
        IsAssumed = left.IsAssumed || right.IsAssumed,
    };

    /// <summary>Both together.</summary>
    public Cost Add(Cost other) => this + other;

    /// <summary>The same where the host of <paramref name="region"/> was asked; empty for the global one.</summary>
    internal Cost In(string region, PriceRow? row) => row?.FactorIn(region) is { } factor and not 1m ? this with { Dollars = Dollars * factor } : this;
}
