using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Caching;

/// <summary>How results are kept.</summary>
/// <param name="Today">How long a result is kept that may still change: a window that includes today, a subscription. Zero: not at all.</param>
/// <param name="Past">How long a window is kept at most that is over.</param>
/// <param name="Secret">What cached results are named and sealed with; null: made up, and shared through Redis.</param>
public sealed record CacheSettings(TimeSpan Today, TimeSpan Past, string? Secret)
{
    private static readonly DurationSetting TodaySetting = new("Billing:CacheToday", "60s", "0s", "30d",
        "How long a result is kept that may still change: a range that includes today, a subscription.");
    private static readonly DurationSetting PastSetting = new("Billing:CachePast", "24h", "0s", "30d", "How long a range that is over is kept at most.");
    private static readonly TextSetting SecretSetting = new("Billing:CacheSecret",
        $"at least {InternalSettings.ShortestSecret} characters, the same on all replicas",
        "The secret behind the names of cached results. Without it the replicas agree on a random one through Redis.",
        text => text.Length >= InternalSettings.ShortestSecret)
    { Secret = true };

    internal static IReadOnlyList<Setting> All { get; } = [TodaySetting, PastSetting, SecretSetting];

    /// <summary>Without the secret: this text may end up in a log.</summary>
    public override string ToString() => nameof(CacheSettings);

    internal static CacheSettings Read(SettingsReader reader) => new(reader.Get(TodaySetting), reader.Get(PastSetting), reader.Get(SecretSetting));
}
