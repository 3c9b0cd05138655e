using System.Net;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Upstream;

/// <summary>How upstream's billing API is called.</summary>
/// <param name="Timeout">How long one call may take in all.</param>
/// <param name="Proxy">The proxy in front of it; null for none.</param>
public sealed record UpstreamSettings(TimeSpan Timeout, WebProxy? Proxy)
{
    internal static readonly ProxySetting ProxySetting = new("Billing:Proxy", "The proxy through which upstream's billing API is reached.");
    private static readonly DurationSetting TimeoutSetting = InternalSettings.BillingTimeout(
        "How long one upstream billing call may take in all.", isOfAnotherService: false);

    internal static IReadOnlyList<Setting> All { get; } = [TimeoutSetting, ProxySetting];

    internal static UpstreamSettings Read(SettingsReader reader) => new(reader.Get(TimeoutSetting), reader.Get(ProxySetting));
}
