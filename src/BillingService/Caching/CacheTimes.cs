using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Caching;

/// <summary>How long a result stays true enough.</summary>
internal sealed class CacheTimes(CacheSettings settings, TimeProvider time)
{
    /// <summary>How long "must be made with a session key" is remembered.</summary>
    public static TimeSpan Refusal { get; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The lifetime of a result for <paramref name="range"/>. A day's costs still come in for hours after its end, so a range that has
    /// just ended is kept no longer than it has been over.
    /// </summary>
    public TimeSpan LifetimeOf(DateRange? range)
    {
        if (range is not { } days)
        {
            return settings.Today;
        }

        var over = time.GetUtcNow().UtcDateTime - days.End.ToDateTime(TimeOnly.MinValue);
        var settled = over > settings.Today ? over : settings.Today;
        return over <= TimeSpan.Zero ? settings.Today : settled < settings.Past ? settled : settings.Past;
    }
}
