using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Keys.Rosters;

/// <summary>What is known of an access key, be it in the settings of gateways or made at run time.</summary>
/// <param name="Id">Its id in the ledger.</param>
/// <param name="Name">What the operator calls it; empty if it has no name.</param>
/// <param name="Owner">Whose it is; empty for nobody's.</param>
/// <param name="Team">Its team, in the same letters for all keys of it; empty for none.</param>
internal sealed record KeyFacts(string Id, string Name, string Owner, string Team)
{
    /// <summary>False for one that was taken away or revoked: it has no budgets and no limits any more.</summary>
    public bool IsInForce { get; init; }

    /// <summary>What it may spend, those that are only counted left out.</summary>
    public IReadOnlyList<Budget> Budgets { get; init; } = [];

    /// <summary>At which percents of a budget somebody is told, rising.</summary>
    public IReadOnlyList<int> AlertAt { get; init; } = [];

    /// <summary>How much it may do in a time.</summary>
    public KeyLimits Limits { get; init; } = KeyLimits.None;
}
