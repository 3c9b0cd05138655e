using OpenAIProxy.BillingService.Upstream;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>Who asks, and for whose usage.</summary>
/// <param name="Key">The id of the key whose usage it is; null for the admin, who sees that of all keys.</param>
/// <param name="Credential">What upstream may be asked with; null where only the ledger may answer.</param>
internal sealed record Asker(string? Key, Credential? Credential)
{
    /// <summary>The admin.</summary>
    public static Asker Admin { get; } = new(null, null);
}
