using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.ServiceDefaults.Discovery;

namespace OpenAIProxy.Gateway.Billing;

/// <summary>The billing service.</summary>
/// <param name="Address">Its address; null if there is none.</param>
/// <param name="Timeout">How long it may show no sign of life when it is asked; 100 ms to 10 minutes.</param>
/// <param name="Token">The secret shared with it; null if there is none.</param>
public sealed record BillingServiceSettings(Uri? Address, TimeSpan Timeout, string? Token)
{
    internal static readonly DurationSetting TimeoutSetting = InternalSettings.BillingTimeout(
        "How long a caller waits at most for a billing service that shows no sign of life.", isOfAnotherService: true);

    /// <summary>True if it may keep access keys for this gateway, which it knows by the token.</summary>
    public bool KeepsKeys => Address is not null && Token is not null;

    /// <summary>True if usage is reported to it.</summary>
    public bool IsToldUsage { get; init; }

    /// <summary>Without the secret, and without a user's name and password in the address: this text may end up in a log.</summary>
    public override string ToString() => Address?.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) ?? "off";

    internal static BillingServiceSettings Read(SettingsReader reader, IConfiguration configuration)
        => new(ServiceAddress.Find(configuration, "billing", reader), reader.Get(TimeoutSetting), reader.Get(InternalSettings.Token));
}
