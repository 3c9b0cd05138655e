using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Billing;
using OpenAIProxy.Gateway.ChatLog;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Limits.Budgets;
using OpenAIProxy.Gateway.Limits.Rules;
using OpenAIProxy.Gateway.Listening;
using OpenAIProxy.Gateway.Metering;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.ServiceDefaults.Telemetry;

namespace OpenAIProxy.Gateway.Configuration;

/// <summary>All settings of the gateway, read and checked once at the start. Each folder is given its own.</summary>
/// <param name="OpenAI">Where requests go, and the operator's keys.</param>
/// <param name="Access">Who may call.</param>
/// <param name="Listen">How much callers may take.</param>
/// <param name="Https">The certificate of listeners on https://.</param>
/// <param name="Forwarding">How requests travel.</param>
/// <param name="Metering">How usage is counted.</param>
/// <param name="Limits">How much callers may do in a time.</param>
/// <param name="Budgets">What callers may spend.</param>
/// <param name="ChatLog">Whether calls are written down.</param>
/// <param name="Billing">The billing service.</param>
/// <param name="Telemetry">Which traces are exported.</param>
public sealed record GatewaySettings(
    OpenAISettings OpenAI, AccessSettings Access, ListenSettings Listen, HttpsSettings Https, ForwardingSettings Forwarding,
    MeteringSettings Metering, LimitSettings Limits, BudgetSettings Budgets, ChatLogSettings ChatLog, BillingServiceSettings Billing,
    TelemetrySettings Telemetry)
{
    /// <summary>Every setting the gateway knows, in the order of the table in docs/settings.md.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        .. OpenAISettings.All, .. AccessSettings.All, .. ListenSettings.All, .. HttpsSettings.All, .. ForwardingSettings.All, .. MeteringSettings.All,
        .. LimitSettings.All, .. BudgetSettings.All, .. ChatLogSettings.All, InternalSettings.Token, BillingServiceSettings.TimeoutSetting,
        .. TelemetrySettings.All,
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
        var billing = BillingServiceSettings.Read(reader, configuration);
        var metering = MeteringSettings.Read(reader, billing);
        var access = AccessSettings.Read(reader, openAI, billing.KeepsKeys, addresses.AreLoopback, addresses.ToString());
        var settings = new GatewaySettings(
            openAI, access, ListenSettings.Read(reader), HttpsSettings.Read(reader, addresses.HaveHttps), ForwardingSettings.Read(reader), metering,
            LimitSettings.Read(reader, access, metering.IsOn), BudgetSettings.Read(reader, access, metering.IsOn),
            ChatLogSettings.Read(reader, metering.JournalDirectory),
            billing with { IsToldUsage = metering.IsOn }, TelemetrySettings.Read(reader));
        reader.ThrowIfInvalid();
        return settings;
    }
}
