using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Keys.Rosters;

/// <summary>What several keys may spend together, by the settings of gateways. Budgets that are only counted are left out.</summary>
/// <param name="Teams">By the keys of a team, by its name.</param>
/// <param name="Total">By all who use the operator's key.</param>
/// <param name="TimeZone">The IANA name of the time zone in which budgets begin anew.</param>
/// <param name="AlertAt">At which percents of a budget somebody is told, rising.</param>
internal sealed record SharedBudgets(
    IReadOnlyDictionary<string, IReadOnlyList<Budget>> Teams, IReadOnlyList<Budget> Total, string TimeZone, IReadOnlyList<int> AlertAt);
