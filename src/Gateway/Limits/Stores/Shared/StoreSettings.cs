namespace OpenAIProxy.Gateway.Limits.Stores.Shared;

/// <summary>How a shared store is used.</summary>
/// <param name="OnFailure">What holds while it is away.</param>
/// <param name="Gateways">How many gateways there are, 1 or more; null for as many as were seen in the store last.</param>
/// <param name="HasLimits">False if nothing is limited, as far as is known: then nobody waits for the store.</param>
internal sealed record StoreSettings(StoreFailure OnFailure, int? Gateways, bool HasLimits = true);
