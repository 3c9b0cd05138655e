using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Alerts;
using OpenAIProxy.BillingService.Caching;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Queries;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.BillingService.SignIn;
using OpenAIProxy.BillingService.Upstream;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.ServiceDefaults.Configuration.Reload;
using OpenAIProxy.ServiceDefaults.Telemetry;

namespace OpenAIProxy.BillingService.Configuration;

/// <summary>
/// How the billing service works: a section for each of its folders. <see cref="OpenAISettings.ApiKeys"/> are never used here: callers are
/// answered for their own key.
/// </summary>
public sealed record BillingSettings(
    OpenAISettings OpenAI, QuerySettings Queries, CacheSettings Cache, UpstreamSettings Upstream, AccountSettings Accounts,
    OidcSettings? Oidc, LedgerSettings Ledger, PriceSettings Prices, AlertSettings Alerts, TelemetrySettings Telemetry)
{

    /// <summary>Every setting the service knows.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        QuerySettings.SourceSetting, .. CacheSettings.All, .. UpstreamSettings.All, AccountSettings.AdminTokenSetting, .. OidcSettings.All,
        PriceSettings.FileSetting, AlertSettings.WebhooksSetting, .. LedgerSettings.All, InternalSettings.Token, .. OpenAISettings.All,
        .. TelemetrySettings.All,
    ];

    /// <summary>Without the secrets: this text may end up in a log.</summary>
    public override string ToString() => $"Billing of {OpenAI.BaseUrl}";

    /// <summary>Reads and checks everything the service can be told.</summary>
    /// <exception cref="SettingsException">Something in it can't be used; lists all errors.</exception>
    public static BillingSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var reader = new SettingsReader(configuration, All);
        var openAI = OpenAISettings.Read(reader);
        var accounts = AccountSettings.Read(reader, openAI);
        var settings = new BillingSettings(
            openAI, QuerySettings.Read(reader), CacheSettings.Read(reader), UpstreamSettings.Read(reader), accounts,
            OidcSettings.Read(reader, accounts), LedgerSettings.Read(reader, configuration), PriceSettings.Read(reader), AlertSettings.Read(reader),
            TelemetrySettings.Read(reader));
        reader.ThrowIfInvalid();
        return settings;
    }

    /// <summary>Reads and checks the settings of a running service once more. Of them only log levels change without a restart.</summary>
    internal static SettingsRead ReadAgain(string[] args)
    {
        var configuration = Startup.CreateBuilder(args).Configuration;
        Read(configuration);
        return new SettingsRead(configuration, () => { });
    }
}
