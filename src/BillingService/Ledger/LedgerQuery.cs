namespace OpenAIProxy.BillingService.Ledger;

/// <summary>Which usage is asked for, and in which order: by day, then model, endpoint, key, as far as these are asked for.</summary>
/// <param name="Key">A key's id; null for all keys.</param>
/// <param name="Start">The first UTC day.</param>
/// <param name="End">The day after the last.</param>
/// <param name="ByKey">True if keys are kept apart; else <c>Key</c> is empty in the rows, unless one was asked for.</param>
/// <param name="ByEndpoint">True if endpoints are kept apart; else <c>Endpoint</c> is empty in the rows.</param>
internal readonly record struct LedgerQuery(string? Key, DateOnly Start, DateOnly End, bool ByKey, bool ByEndpoint)
{
    /// <summary>True if rows come by day. Days are always kept apart.</summary>
    public bool ByDay { get; init; }

    /// <summary>True if rows come by model. Models are always kept apart.</summary>
    public bool ByModel { get; init; }
}
