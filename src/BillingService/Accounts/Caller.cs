using Microsoft.AspNetCore.Http.Features;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Accounts;

/// <summary>Who asks, and for whose usage.</summary>
/// <param name="Key">The id of the key whose usage it is; null for the admin, who sees that of all keys.</param>
/// <param name="Credential">What upstream may be asked with; null where only the ledger may answer.</param>
internal sealed record Caller(string? Key, Credential? Credential = null)
{
    /// <summary>Who has shown the admin token.</summary>
    public static Caller Admin { get; } = new((string?)null);

    /// <summary>What the key may spend, as its gateway tells; empty where it has no budget.</summary>
    public IReadOnlyList<BudgetStatus> Budgets { get; init; } = [];

    public bool IsAdmin => Key is null;

    /// <summary>Who sent the request, once that has been found out.</summary>
    public static Caller Of(HttpContext context) => context.Features.GetRequiredFeature<Caller>();
}
