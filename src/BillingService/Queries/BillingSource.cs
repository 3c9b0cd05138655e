namespace OpenAIProxy.BillingService.Queries;

/// <summary>Where billing answers come from.</summary>
public enum BillingSource
{
    /// <summary>The best source for the caller's credential.</summary>
    Auto,

    /// <summary>Always the upstream API.</summary>
    Upstream,

    /// <summary>Always the ledger.</summary>
    Ledger,
}
