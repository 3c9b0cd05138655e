using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Budgets;

/// <summary>A budget and how much of it is spent.</summary>
/// <param name="Name">The id of the key or the name of the team that it is of; empty for that of all.</param>
/// <param name="Status">The budget. What calls in progress have reserved is not in it: only gateways know that.</param>
/// <param name="IsUnpriced">True if there is usage without a price, which is not in it.</param>
/// <param name="AlertAt">At which percents of it somebody is told, rising.</param>
internal sealed record BudgetUse(string Name, BudgetStatus Status, bool IsUnpriced, IReadOnlyList<int> AlertAt) : IComparable<BudgetUse>
{
    private const int Whole = 100;

    /// <summary>True if nothing is left.</summary>
    public bool IsSpent => Status.Used >= Status.Limit;

    /// <summary>True if the last part is reached of which somebody is told before all is spent.</summary>
    public bool IsNearlySpent => AlertAt.LastOrDefault(percent => percent < Whole, Whole) is var last && Status.Used >= (decimal)Status.Limit * last / Whole;

    /// <summary>The one of which the largest part is spent comes first.</summary>
    public int CompareTo(BudgetUse? other)
    {
        if (other is null)
        {
            return -1;
        }

        var byPart = ((decimal)other.Status.Used * Status.Limit).CompareTo((decimal)Status.Used * other.Status.Limit);
        if (byPart != 0)
        {
            return byPart;
        }

        var bySize = other.Status.Limit.CompareTo(Status.Limit);
        return bySize != 0 ? bySize : string.CompareOrdinal(Name, other.Name);
    }
}
