using System.Collections.Concurrent;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.Gateway.Limits.Budgets;

/// <summary>What was spent in one period, by the ledger.</summary>
/// <param name="window">The period.</param>
/// <param name="microDollars">Micro-dollars by key.</param>
/// <param name="keysOf">The keys that share a budget.</param>
internal sealed class LedgerSums(BudgetWindow window, IReadOnlyDictionary<string, long> microDollars, Func<BudgetScope, IEnumerable<string>> keysOf)
{
    private readonly ConcurrentDictionary<BudgetScope, long> _shared = new();

    /// <summary>The period.</summary>
    public BudgetWindow Window => window;

    /// <summary>Micro-dollars that those who share a budget have spent together.</summary>
    public long Of(BudgetScope scope) => scope.Kind == BudgetScopeKind.Key
        ? microDollars.GetValueOrDefault(scope.Name)
        : _shared.GetOrAdd(scope, shared => keysOf(shared).Sum(key => microDollars.GetValueOrDefault(key)));
}
