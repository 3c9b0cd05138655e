using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Access;

namespace OpenAIProxy.Gateway.Limits.Budgets;

/// <summary>The budgets in force. They are replaced as a whole when keys or settings change.</summary>
internal sealed class BudgetRules
{
    private readonly AccessRules _access;
    private volatile BudgetTable _table;

    public BudgetRules(BudgetSettings settings, AccessRules access)
    {
        _access = access;
        _table = new BudgetTable(settings, access.Current.KnownKeys);
        access.Changing += next => _table = new BudgetTable(_table.Settings, next.KnownKeys);
    }

    /// <summary>The budgets of calls that begin now.</summary>
    public BudgetTable Current => _table;

    /// <summary>Puts other settings in force.</summary>
    public void Replace(BudgetSettings settings) => _table = new BudgetTable(settings, _access.Current.KnownKeys);

    /// <summary>The keys that share a budget, those that were taken away since the start included.</summary>
    public IEnumerable<string> KeysOf(BudgetScope scope)
    {
        var known = _access.Current.KnownKeys;
        return scope.Kind switch
        {
            BudgetScopeKind.Key => [scope.Name],
            BudgetScopeKind.Team => known.Where(key => key.Record.Team.Equals(scope.Name, StringComparison.OrdinalIgnoreCase)).Select(key => key.Id),
            _ => known.Select(key => key.Id).Append(UsageDimensions.Anonymous),
        };
    }
}
