namespace OpenAIProxy.Contracts.Keys;

/// <summary>One access key of the settings. Texts are as in <see cref="AccessKeyRecord"/>.</summary>
/// <param name="Id">Its id in the ledger.</param>
/// <param name="Name">What the operator calls it; empty if it has no name.</param>
/// <param name="Owner">Whose it is; empty for nobody's.</param>
/// <param name="Team">Its team; empty for none.</param>
/// <param name="Budgets">What it may spend; empty for what <see cref="RosterCommon.Budgets"/> says.</param>
/// <param name="AlertAt">At which percents of a budget somebody is told; empty for what <see cref="RosterCommon.AlertAt"/> says.</param>
/// <param name="Limits">How much it may do in a time, of its own; null for no limits of its own.</param>
public sealed record RosterKey(string Id, string Name, string Owner, string Team, string Budgets, string AlertAt, KeyLimits? Limits);
