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

    /// <summary>Both together.</summary>
    public static Cost operator +(Cost left, Cost right) => new(left.Dollars + right.Dollars, left.IsUnpriced || right.IsUnpriced);

    /// <summary>Both together.</summary>
    public Cost Add(Cost other) => this + other;
}
