namespace OpenAIProxy.BillingService.Reports;

/// <summary>One of the dearest groups. Ordered by what it cost, the dearest first.</summary>
/// <param name="Name">The model, key, team or owner.</param>
/// <param name="Sum">What it used.</param>
/// <param name="Days">What it cost on each day, in dollars; without days on which it cost nothing.</param>
internal sealed record RankedGroup(string Name, FiguresSum Sum, IReadOnlyDictionary<DateOnly, decimal> Days) : IComparable<RankedGroup>
{
    public int CompareTo(RankedGroup? other)
        => other is null ? -1
            : other.Sum.Weight.CompareTo(Sum.Weight) is not 0 and var byWeight ? byWeight
            : string.CompareOrdinal(Name, other.Name);
}
