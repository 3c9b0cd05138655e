namespace OpenAIProxy.Gateway.Limits.Budgets;

/// <summary>Who shares a budget.</summary>
/// <param name="Kind">Which kind of sharing.</param>
/// <param name="Name">The key's id or the team's name; empty for all.</param>
internal readonly record struct BudgetScope(BudgetScopeKind Kind, string Name)
{
    /// <summary>Everybody who uses the operator's key.</summary>
    public static BudgetScope Total => new(BudgetScopeKind.Total, "");

    /// <summary>One access key.</summary>
    public static BudgetScope Key(string id) => new(BudgetScopeKind.Key, id);

    /// <summary>The keys of a team.</summary>
    // Names of settings don't differ by their case.
    public static BudgetScope Team(string name) => new(BudgetScopeKind.Team, name.ToUpperInvariant());
}
