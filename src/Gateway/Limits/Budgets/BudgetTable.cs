using System.Collections.Concurrent;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.Gateway.Access;

namespace OpenAIProxy.Gateway.Limits.Budgets;

/// <summary>The budgets of all callers, by one set of settings. A caller's are put together when the first call comes.</summary>
/// <param name="settings">The settings.</param>
/// <param name="keys">The access keys.</param>
internal sealed class BudgetTable(BudgetSettings settings, IReadOnlyList<AccessKey> keys)
{
    private readonly ConcurrentDictionary<BudgetScope, BudgetCounter[]> _byScope = new();
    private readonly ConcurrentDictionary<KeyRules, BudgetCounter[]> _byKey = new();
    private readonly BudgetCounter[] _total = Counters(BudgetScope.Total, settings.Total, "", settings.AlertAt, settings.Zone);

    /// <summary>The settings.</summary>
    public BudgetSettings Settings => settings;

    /// <summary>The periods for which there are budgets; none if there are no budgets.</summary>
    public IReadOnlySet<BudgetPeriod> Periods { get; } = keys
        .Select(key => key.Record.Budgets).Distinct().SelectMany(text => Budget.TryParse(text, out var budgets) ? budgets : [])
        .Concat(settings.Keys).Concat(settings.Total).Concat(settings.Teams.Values.SelectMany(budgets => budgets))
        .Select(budget => budget.Period).ToHashSet();

    /// <summary>The budgets that a call with the operator's key counts in.</summary>
    /// <param name="rules">The rules of the access key; null for callers without one.</param>
    public BudgetCounter[] Of(KeyRules? rules)
        => rules is null ? _total : _byKey.GetOrAdd(rules, static (rules, table) => table.Join(rules.Record), this);

    private BudgetCounter[] Join(AccessKeyRecord key)
    {
        var own = key.Budgets.Length > 0 && Budget.TryParse(key.Budgets, out var budgets) ? budgets : settings.Keys;
        var alertAt = key.AlertAt.Length > 0 && AlertLevels.TryParse(key.AlertAt, out var levels) ? levels : settings.AlertAt;
        var team = key.Team.Length > 0 && settings.Teams.TryGetValue(key.Team, out var shared) ? shared : [];
        return [.. Shared(BudgetScope.Key(key.Id), own, key.Name, alertAt), .. Shared(BudgetScope.Team(key.Team), team, key.Team, settings.AlertAt), .. _total];
    }

    private BudgetCounter[] Shared(BudgetScope scope, IReadOnlyList<Budget> budgets, string label, IReadOnlyList<int> alertAt)
        => budgets.Count == 0 ? [] : _byScope.GetOrAdd(scope, _ => Counters(scope, budgets, label, alertAt, settings.Zone));

    private static BudgetCounter[] Counters(
        BudgetScope scope, IReadOnlyList<Budget> budgets, string label, IReadOnlyList<int> alertAt, TimeZoneInfo zone)
        => [.. budgets.Select(budget => new BudgetCounter(scope, budget, zone, label, alertAt))];
}
