using System.Net;

namespace OpenAIProxy.BillingService.Upstream;

/// <summary>How upstream's billing API is called.</summary>
/// <param name="Timeout">How long one call may take in all.</param>
/// <param name="Proxy">The proxy in front of it; null for none.</param>
public sealed record UpstreamSettings(TimeSpan Timeout, WebProxy? Proxy);
