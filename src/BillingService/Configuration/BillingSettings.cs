using System.Globalization;
using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Caching;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.BillingService.Upstream;
using OpenAIProxy.Contracts;
using OpenAIProxy.Pricing;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Configuration;

/// <summary>
/// How the billing service works: a section for each of its folders. <see cref="OpenAISettings.ApiKeys"/> are never used here: callers are
/// answered for their own key.
/// </summary>
public sealed record BillingSettings(
    OpenAISettings OpenAI, BillingSource Source, CacheSettings Cache, UpstreamSettings Upstream, AccountSettings Accounts,
    LedgerSettings Ledger, PriceSettings Prices)
{
    private const int ShortestSecret = 16;

    private static readonly TimeSpan DefaultCacheToday = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DefaultCachePast = TimeSpan.FromHours(24);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestCache = TimeSpan.FromDays(30);

    /// <summary>The settings of the sections <c>Billing</c>, <c>Pricing</c>, <c>Ledger</c> and <c>Internal</c>.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        .. Own, .. LedgerSettings.All, .. InternalSettings.All,
    ];

    private static IReadOnlyList<Setting> Own =>
    [
        new("Billing:Source", "Auto", "Auto, Upstream or Ledger", "Where billing answers come from. Auto: upstream, and the ledger where upstream wants a session key."),
        new("Billing:CacheToday", "60s", "a time from 0s to 30d, such as 60s",
            "How long a result is kept that may still change: a range that includes today, a subscription."),
        new("Billing:CachePast", "24h", "a time from 0s to 30d, such as 24h", "How long a range that is over is kept at most."),
        new("Billing:CacheSecret", "-", $"at least {ShortestSecret.ToString(CultureInfo.InvariantCulture)} characters, the same on all replicas",
            "The secret behind the names of cached results. Without it the replicas agree on a random one through Redis.") { Secret = true },
        new("Billing:Timeout", "60s", "a time from 100ms to 10m, such as 60s", "How long one upstream billing call may take in all."),
        new("Billing:Proxy", "-", ProxySetting.Allowed, "The proxy through which upstream's billing API is reached.")
        { Aliases = ["PROXY"], Secret = true },
        new("Billing:AdminToken", "-", $"at least {ShortestSecret.ToString(CultureInfo.InvariantCulture)} visible ASCII characters, not beginning with {AccessKeys.Prefix}",
            "Who shows this instead of a key sees the usage of all keys. Without it nobody does.") { Secret = true },
        new("Pricing:File", "-", "a JSON file of prices", "Prices of your own models and contracts, over those that come with the product."),
    ];

    /// <summary>Without the secrets: this text may end up in a log.</summary>
    public override string ToString() => $"Billing of {OpenAI.BaseUrl}";

    /// <summary>Reads and checks everything the service can be told.</summary>
    /// <exception cref="SettingsException">Something in it can't be used; lists all errors.</exception>
    public static BillingSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var reader = new SettingsReader(configuration, [.. All, .. OpenAISettings.All]);
        var secret = reader.Text("Billing:CacheSecret");
        if (secret?.Length < ShortestSecret)
        {
            reader.Wrong("Billing:CacheSecret");
        }

        var adminToken = reader.Text("Billing:AdminToken");
        if (adminToken is not null && (adminToken.Length < ShortestSecret || !VisibleAscii.IsAll(adminToken)
            || adminToken.StartsWith(AccessKeys.Prefix, StringComparison.Ordinal)))
        {
            reader.Wrong("Billing:AdminToken");
        }

        var priceFile = reader.Text("Pricing:File") is { } file ? Path.GetFullPath(file) : null;
        var settings = new BillingSettings(
            OpenAISettings.Read(reader),
            reader.OneOf("Billing:Source", BillingSource.Auto),
            new CacheSettings(
                reader.Duration("Billing:CacheToday", DefaultCacheToday, TimeSpan.Zero, LongestCache),
                reader.Duration("Billing:CachePast", DefaultCachePast, TimeSpan.Zero, LongestCache),
                secret),
            new UpstreamSettings(
                reader.Duration("Billing:Timeout", DefaultTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
                ProxySetting.Read(reader, "Billing:Proxy")),
            new AccountSettings(adminToken, InternalSettings.Read(reader)),
            LedgerSettings.Read(reader, configuration),
            new PriceSettings(priceFile, ReadPrices(reader, priceFile)));
        if (adminToken is not null && (adminToken == settings.Accounts.InternalToken || settings.OpenAI.ApiKeys.Contains(adminToken)))
        {
            reader.AddError("Billing:AdminToken is also Internal:Token or a key in OpenAI:ApiKey: whoever sees the usage of all keys would hold that, too.");
        }

        reader.ThrowIfInvalid();
        return settings;
    }

    private static PriceBook ReadPrices(SettingsReader reader, string? file)
    {
        try
        {
            return PriceBook.Load(file);
        }
        catch (PriceFileException e)
        {
            foreach (var error in e.Errors)
            {
                reader.AddError($"Pricing:File, {error}");
            }

            return PriceBook.BuiltIn;
        }
    }
}
