namespace OpenAIProxy.BillingService.Pages.Charts;

/// <summary>One kind of what is stacked in a column.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Style">The number of its pattern.</param>
/// <param name="Values">How much of it there is on each day.</param>
public sealed record Series(string Name, int Style, IReadOnlyList<decimal> Values)
{
    /// <summary>Where its name leads; null for nowhere.</summary>
    public string? Link { get; init; }

    /// <summary>All of it.</summary>
    public decimal Total => Values.Sum();
}
