namespace OpenAIProxy.Gateway.Limits.Budgets;

/// <summary>Kinds of sharing.</summary>
internal enum BudgetScopeKind
{
    /// <summary>One access key.</summary>
    Key,

    /// <summary>The access keys of a team.</summary>
    Team,

    /// <summary>Everybody who uses the operator's key.</summary>
    Total,
}
