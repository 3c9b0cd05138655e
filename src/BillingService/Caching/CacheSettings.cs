namespace OpenAIProxy.BillingService.Caching;

/// <summary>How results are kept.</summary>
/// <param name="Today">How long a result is kept that may still change: a window that includes today, a subscription. Zero: not at all.</param>
/// <param name="Past">How long a window is kept at most that is over.</param>
/// <param name="Secret">What cached results are named and sealed with; null: made up, and shared through Redis.</param>
public sealed record CacheSettings(TimeSpan Today, TimeSpan Past, string? Secret)
{
    /// <summary>Without the secret: this text may end up in a log.</summary>
    public override string ToString() => nameof(CacheSettings);
}
