using OpenAIProxy.Gateway.Access;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.ServiceDefaults.Discovery;

namespace OpenAIProxy.Gateway.Configuration;

/// <summary>All settings of the gateway, read and checked once at the start.</summary>
/// <param name="OpenAI">Where requests go, and the operator's keys.</param>
/// <param name="Access">Who may call.</param>
/// <param name="Listen">How much callers may take.</param>
/// <param name="Forwarding">How requests travel.</param>
/// <param name="Metering">How usage is counted.</param>
/// <param name="Billing">The billing service's address; null if there is none.</param>
public sealed record GatewaySettings(
    OpenAISettings OpenAI, AccessSettings Access, ListenSettings Listen, ForwardingSettings Forwarding, MeteringSettings Metering, Uri? Billing)
{
    private static readonly TimeSpan DefaultBillingTimeout = TimeSpan.FromSeconds(60);

    private static readonly Setting BillingTimeoutSetting = new("Billing:Timeout", "60s", "a time from 100ms to 10m, such as 60s",
        "How long a caller waits at most for a billing service that shows no sign of life.")
    { IsOfAnotherService = true };

    /// <summary>How long a billing service that is asked may show no sign of life.</summary>
    public TimeSpan BillingTimeout { get; init; } = DefaultBillingTimeout;

    /// <summary>Every setting the gateway knows, in the order of the table in docs/settings.md.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        .. OpenAISettings.All, .. AccessSettings.All, .. ListenSettings.All, .. ForwardingSettings.All, .. MeteringSettings.All, .. InternalSettings.All,
        BillingTimeoutSetting,
    ];

    /// <summary>Reads and checks everything.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="addresses">Where the gateway will listen: anonymous use of the operator's key must be asked for beyond loopback.</param>
    /// <exception cref="SettingsException">With every error at once.</exception>
    public static GatewaySettings Read(IConfiguration configuration, ListenAddresses addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        var reader = new SettingsReader(configuration, All);
        var openAI = OpenAISettings.Read(reader);
        var access = AccessSettings.Read(reader, openAI, addresses.AreLoopback, addresses.ToString());
        var listen = ListenSettings.Read(reader);
        var forwarding = ForwardingSettings.Read(reader);
        var billing = ServiceAddress.Find(configuration, "billing", reader);
        var metering = MeteringSettings.Read(reader, billing is not null);
        var timeout = reader.Duration(BillingTimeoutSetting.Name, DefaultBillingTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        reader.ThrowIfInvalid();
        return new GatewaySettings(openAI, access, listen, forwarding, metering, billing) { BillingTimeout = timeout };
    }
}
