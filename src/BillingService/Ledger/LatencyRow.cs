using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>How long some calls took.</summary>
/// <param name="What">Which calls: of these, only hour (the day's first), key, model and endpoint are set.</param>
/// <param name="Duration">Until their end, as the ledger packs it. May be damaged.</param>
/// <param name="FirstToken">Until the first token, likewise.</param>
internal sealed record LatencyRow(UsageDimensions What, byte[] Duration, byte[] FirstToken);
