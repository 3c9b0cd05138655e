namespace OpenAIProxy.Pricing;

/// <summary>One part of what usage cost: a quantity at a price.</summary>
/// <param name="Meter">What is counted, <c>cached input tokens</c>.</param>
/// <param name="Consumed">How much of <paramref name="ConsumedUnit"/>.</param>
/// <param name="ConsumedUnit">What is counted: <c>Tokens</c>, <c>Minutes</c>, <c>Characters</c>, <c>Images</c>, <c>Seconds</c> or <c>Calls</c>.</param>
/// <param name="PricingUnit">The unit of the price, <c>1M Tokens</c>.</param>
/// <param name="UnitPrice">US dollars for one <paramref name="PricingUnit"/>.</param>
/// <param name="Dollars">US dollars, exact.</param>
public sealed record Charge(string Meter, decimal Consumed, string ConsumedUnit, string PricingUnit, decimal UnitPrice, decimal Dollars)
{
    private const decimal Million = 1_000_000m;

    /// <summary>How much of <see cref="PricingUnit"/>.</summary>
    public decimal Quantity => PricingUnit.StartsWith("1M ", StringComparison.Ordinal) ? Consumed / Million : Consumed;

    internal static Charge OfTokens(string meter, long tokens, decimal price) => new(meter, tokens, "Tokens", "1M Tokens", price, tokens * price / Million);

    internal Charge Times(decimal factor) => this with { UnitPrice = UnitPrice * factor, Dollars = Dollars * factor };
}
