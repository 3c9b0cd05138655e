using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.Gateway.Limits.Rules;
using OpenAIProxy.Gateway.Limits.Stores;

namespace OpenAIProxy.Gateway.Limits.Budgets;

/// <summary>A budget and the counter of its present period.</summary>
/// <param name="scope">Who shares it.</param>
/// <param name="budget">How much it is.</param>
/// <param name="zone">Where its periods begin.</param>
internal sealed class BudgetCounter(BudgetScope scope, Budget budget, TimeZoneInfo zone)
{
    private volatile Present? _present;

    public BudgetScope Scope => scope;

    public Budget Budget => budget;

    /// <summary>The rule of the period that <paramref name="now"/> lies in.</summary>
    public LimitRule RuleAt(DateTimeOffset now) => PresentAt(now).Rule;

    /// <summary>The period that <paramref name="now"/> lies in.</summary>
    public BudgetWindow WindowAt(DateTimeOffset now) => PresentAt(now).Window;

    private Present PresentAt(DateTimeOffset now)
    {
        var present = _present;
        if (present is not null && (present.Window.End is not { } end || now < end))
        {
            return present;
        }

        // Two threads may both make one: the store knows both by the same name.
        var window = BudgetWindow.Of(budget.Period, now, zone);
        var name = $"budget:{scope.Kind}:{scope.Name}:{window.Name}{(budget.IsShadow ? ":shadow" : "")}";
        var counter = new Counter(name, CounterKind.Period, budget.MicroDollars, TimeSpan.Zero, budget.IsShadow)
        {
            EndsAt = window.End?.ToUnixTimeMilliseconds() ?? 0,
        };
        return _present = new Present(window, new LimitRule(counter, LimitMeasure.Spending, LimitScopeOf(scope.Kind)));
    }

    private static LimitScope LimitScopeOf(BudgetScopeKind kind) => kind switch
    {
        BudgetScopeKind.Key => LimitScope.Key,
        BudgetScopeKind.Team => LimitScope.Team,
        _ => LimitScope.Total,
    };

    private sealed record Present(BudgetWindow Window, LimitRule Rule);
}
