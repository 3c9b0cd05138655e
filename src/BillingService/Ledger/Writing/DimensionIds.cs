namespace OpenAIProxy.BillingService.Ledger.Writing;

/// <summary>Where usage of certain dimensions is added.</summary>
/// <param name="Own">The dimensions themselves.</param>
/// <param name="Total">The same for all keys together.</param>
/// <param name="Latency">The histograms of their key, model and endpoint.</param>
/// <param name="TotalLatency">The same for all keys together.</param>
internal sealed record DimensionIds(long Own, long Total, long Latency, long TotalLatency);
