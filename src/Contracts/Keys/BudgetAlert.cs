using System.Text.Json.Serialization;

namespace OpenAIProxy.Contracts.Keys;

/// <summary>
/// A part of a budget is spent: <c>POST /internal/alerts</c>, JSON, with <see cref="InternalHeaders.Token"/>. Answered by 204 when it is kept, also if
/// it, by its <see cref="Id"/>, was kept before: each is told once, whichever gateways saw it.
/// </summary>
/// <param name="Scope">Who shares the budget: <c>key</c>, <c>team</c> or <c>total</c>.</param>
/// <param name="Name">The key's id or the team's name; empty for all.</param>
/// <param name="Label">What people call it; empty if they don't.</param>
/// <param name="Period">Its period.</param>
/// <param name="Window">Which of these periods, <c>month-2026-11-01</c>.</param>
/// <param name="Limit">Micro-dollars (USD).</param>
/// <param name="Used">Micro-dollars that are spent, or reserved by other calls in progress.</param>
/// <param name="Percent">How much of it was reached, 1 to 100. With 100 less may be used: then a call was refused that had no room in what is left.</param>
/// <param name="ResetsAt">When the period is over, unix seconds; null for never.</param>
public sealed record BudgetAlert(
    string Scope, string Name, string Label, BudgetPeriod Period, string Window, long Limit, long Used, int Percent, long? ResetsAt)
{
    /// <summary>Where it is told.</summary>
    public const string Path = "/internal/alerts";

    /// <summary>What makes it one that is told once. A budget that is raised may be reached again.</summary>
    [JsonIgnore]
    public string Id => $"{Scope}:{Name}:{Window}:{Limit}:{Percent}";
}
