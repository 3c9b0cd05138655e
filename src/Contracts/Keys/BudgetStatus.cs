using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenAIProxy.Contracts.Keys;

/// <summary>
/// A budget that a caller counts in, as the gateway tells it to the billing service (<see cref="InternalHeaders.Budgets"/>) and to the caller.
/// </summary>
/// <param name="Scope">Who shares it: <c>key</c>, <c>team</c> or <c>total</c>.</param>
/// <param name="Period">Its period.</param>
/// <param name="Limit">Micro-dollars (USD).</param>
/// <param name="Used">
/// Micro-dollars that are spent or reserved by calls in progress; more than <paramref name="Limit"/> if calls cost more than estimated.
/// </param>
/// <param name="ResetsAt">When the period is over, unix seconds; null for never.</param>
public sealed record BudgetStatus(string Scope, BudgetPeriod Period, long Limit, long Used, long? ResetsAt)
{
    /// <summary>Micro-dollars that are left, 0 or more.</summary>
    [JsonIgnore]
    public long Remaining => Math.Max(0, Limit - Used);

    /// <summary>The one that is spent first: of which the least is left. Null if there is none.</summary>
    public static BudgetStatus? Tightest(IReadOnlyList<BudgetStatus> budgets) => budgets.Count == 0 ? null : budgets.MinBy(budget => budget.Remaining);

    /// <summary>The value of the header.</summary>
    public static string Write(IReadOnlyList<BudgetStatus> budgets) => JsonSerializer.Serialize(budgets, ContractsJson.Default.IReadOnlyListBudgetStatus);

    /// <summary>Reads the header's value; empty if it is none.</summary>
    public static IReadOnlyList<BudgetStatus> Read(string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? [] : JsonSerializer.Deserialize(text, ContractsJson.Default.IReadOnlyListBudgetStatus) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
