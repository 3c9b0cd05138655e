namespace OpenAIProxy.BillingService.Ledger;

/// <summary>Which usage is asked for, and in which order: by day, then model, endpoint, key, end user, as far as these are asked for.</summary>
/// <param name="Key">A key's id; null for all keys.</param>
/// <param name="Start">The first day.</param>
/// <param name="End">The day after the last.</param>
/// <param name="ByKey">True if keys are kept apart; else <c>Key</c> is empty in the rows, unless one was asked for.</param>
/// <param name="ByEndpoint">True if endpoints are kept apart; else <c>Endpoint</c> is empty in the rows.</param>
internal readonly record struct LedgerQuery(string? Key, DateOnly Start, DateOnly End, bool ByKey, bool ByEndpoint)
{
    /// <summary>The ids of the keys that are asked for where no <see cref="Key"/> is; null for all.</summary>
    public IReadOnlyList<string>? Keys { get; init; }

    /// <summary>True if rows come by day. Days are always kept apart.</summary>
    public bool ByDay { get; init; }

    /// <summary>True if rows come by model. Models are always kept apart.</summary>
    public bool ByModel { get; init; }

    /// <summary>True if end users are kept apart. How long their calls took is not kept.</summary>
    public bool ByEndUser { get; init; }

    /// <summary>True if keys are kept apart, in no order of their own.</summary>
    public bool KeepsKeys { get; init; }

    /// <summary>A model, as it answered; null for all.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// Where days begin and end, if they are not UTC's: then rows are of single hours, and <see cref="ByDay"/> sorts them by these days. Times
    /// are kept by UTC day only; of these, the days of the same dates are read.
    /// </summary>
    public LocalDays? Days { get; init; }
}
