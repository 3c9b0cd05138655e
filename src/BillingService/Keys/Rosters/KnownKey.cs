namespace OpenAIProxy.BillingService.Keys.Rosters;

/// <summary>Whose a key of the settings is, or was.</summary>
/// <param name="Id">Its id in the ledger.</param>
/// <param name="Name">What the operator calls it; empty if it has no name.</param>
/// <param name="Owner">Whose it is; empty for nobody's.</param>
/// <param name="Team">Its team; empty for none.</param>
internal sealed record KnownKey(string Id, string Name, string Owner, string Team);
