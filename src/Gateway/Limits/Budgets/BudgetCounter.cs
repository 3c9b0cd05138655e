using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.Gateway.Limits.Rules;
using OpenAIProxy.Gateway.Limits.Stores;

namespace OpenAIProxy.Gateway.Limits.Budgets;

/// <summary>A budget and the counter of its present period.</summary>
/// <param name="scope">Who shares it.</param>
/// <param name="budget">How much it is.</param>
/// <param name="zone">Where its periods begin.</param>
/// <param name="label">What people call who shares it; empty if they don't.</param>
/// <param name="alertAt">At which percents somebody is told, rising.</param>
internal sealed class BudgetCounter(BudgetScope scope, Budget budget, TimeZoneInfo zone, string label, IReadOnlyList<int> alertAt)
{
    private volatile Present? _present;

    public BudgetScope Scope => scope;

    public Budget Budget => budget;

    /// <summary>The rule of the period that <paramref name="now"/> lies in.</summary>
    public LimitRule RuleAt(DateTimeOffset now) => PresentAt(now).Rule;

    /// <summary>The period that <paramref name="now"/> lies in.</summary>
    public BudgetWindow WindowAt(DateTimeOffset now) => PresentAt(now).Window;

    /// <summary>
    /// The alert of the highest percent that is reached now and was not before, as far as this gateway knows; null if there is none. A shadow budget has none.
    /// </summary>
    /// <param name="used">Micro-dollars.</param>
    /// <param name="isSpent">It has no room for a call.</param>
    /// <param name="now">The time.</param>
    public BudgetAlert? AlertOf(long used, bool isSpent, DateTimeOffset now)
    {
        var percent = 0;
        foreach (var level in alertAt)
        {
            percent = isSpent || used >= (decimal)budget.MicroDollars * level / 100 ? level : percent;
        }

        var present = PresentAt(now);
        if (percent == 0 || budget.IsShadow || !present.TryTell(percent))
        {
            return null;
        }

        return new BudgetAlert(
            scope.Kind.ToString().ToLowerInvariant(), scope.Name, label, budget.Period, present.Window.Name, budget.MicroDollars, used, percent,
            present.Window.End?.ToUnixTimeSeconds());
    }

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

    private sealed record Present(BudgetWindow Window, LimitRule Rule)
    {
        private int _told;

        public bool TryTell(int percent)
        {
            var told = Volatile.Read(ref _told);
            return percent > told && Interlocked.CompareExchange(ref _told, percent, told) == told;
        }
    }
}
