using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Limits.Stores;
using OpenAIProxy.Pricing;

namespace OpenAIProxy.Gateway.Limits.Budgets;

/// <summary>Finds the budgets of calls. Only where usage is metered.</summary>
internal sealed class CallBudgets(BudgetRules rules, LedgerWatch ledger, ILimitStore store, AlertTeller alerts, TimeProvider time)
{
    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>What is known to be spent.</summary>
    public LedgerWatch Ledger => ledger;

    /// <summary>Takes what is to be told.</summary>
    public AlertTeller Alerts => alerts;

    /// <summary>The prices in force.</summary>
    public PriceBook Book => ledger.Book;

    /// <summary>The budgets that a call counts in; null if there are none.</summary>
    public CallBudget? Of(Caller caller)
    {
        if (!caller.UsesOperatorKey)
        {
            return null;
        }

        var table = rules.Current;
        return table.Of(caller.Rules) is { Length: > 0 } counters ? new CallBudget(this, counters, table.Settings) : null;
    }

    /// <summary>What is left of the budgets that a caller counts in, without shadows; null if nobody knows.</summary>
    public async ValueTask<IReadOnlyList<BudgetStatus>?> ReadAsync(Caller caller, CancellationToken cancellationToken)
    {
        BudgetCounter[] counters = caller.UsesOperatorKey ? Array.FindAll(rules.Current.Of(caller.Rules), counter => !counter.Budget.IsShadow) : [];
        if (counters.Length == 0)
        {
            return [];
        }

        var now = time.GetUtcNow();
        foreach (var counter in counters)
        {
            if (ledger.Spent(counter.Scope, counter.Budget.Period, counter.WindowAt(now)) is not { } spent)
            {
                return null;
            }

            counter.RuleAt(now).Counter.Floor = spent;
        }

        return await store.ReadAsync(Array.ConvertAll(counters, counter => counter.RuleAt(now).Counter), cancellationToken) is not { } levels
            ? null
            : [.. counters.Zip(levels, (counter, level) => new BudgetStatus(
                counter.Scope.Kind.ToString().ToLowerInvariant(), counter.Budget.Period, counter.Budget.MicroDollars, level.Used,
                counter.WindowAt(now).End?.ToUnixTimeSeconds()))];
    }
}
