namespace OpenAIProxy.Pricing.Costs;

/// <summary>Adds up tokens at their prices. Exact: prices have few digits, and a millionth is only moved to at the end.</summary>
/// <param name="charges">Takes each part, if anybody asks for them.</param>
internal struct TokenSum(List<Charge>? charges)
{
    private const decimal Millionth = 0.000001m;

    private decimal _microDollars;
    private bool _isUnpriced;

    /// <summary>Adds tokens at US dollars per million. No price is no matter where there are no tokens.</summary>
    public void Add(string meter, long tokens, decimal? price)
    {
        if (tokens <= 0)
        {
            return;
        }

        if (price is { } dollars)
        {
            _microDollars += tokens * dollars;
            charges?.Add(Charge.OfTokens(meter, tokens, dollars));
        }
        else
        {
            _isUnpriced = true;
        }
    }

    public readonly Cost ToCost() => new(_microDollars * Millionth, _isUnpriced);
}
