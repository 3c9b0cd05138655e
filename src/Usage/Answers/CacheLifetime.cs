using OpenAIProxy.Contracts;

namespace OpenAIProxy.Usage.Answers;

/// <summary>
/// How long what was written to the cache lives: 30 minutes, or 12 hours at twice that price. A request may write both kinds, so what its
/// usage says goes first.
/// </summary>
internal static class CacheLifetime
{
    /// <summary>Puts down how much of the writes is for 12 hours.</summary>
    /// <param name="counts">The tokens.</param>
    /// <param name="for30m">Tokens written for 30 minutes, as the usage says; null if it doesn't.</param>
    /// <param name="for12h">Tokens written for 12 hours, as the usage says; null if it doesn't.</param>
    /// <param name="options">The lifetime that the answer repeats, or else the one asked for; 30 minutes if it names none of the two.</param>
    /// <returns>True if not all of it was told so: it is more than the input, or lives for a time that has no price.</returns>
    public static bool Split(UsageCounts counts, long? for30m, long? for12h, in ResponseOptions options)
    {
        // The split says the sum, too, should it be missing.
        var all = Math.Max(counts.CacheWrite, (for30m ?? 0) + (for12h ?? 0));
        counts.CacheWrite = Math.Min(all, Math.Max(0, counts.Input - counts.CachedInput));
        var longer = for12h ?? (for30m is { } part ? counts.CacheWrite - part : options.CachesFor12h == true ? counts.CacheWrite : 0);
        counts.CacheWrite12h = Math.Clamp(longer, 0, counts.CacheWrite);
        return all > counts.CacheWrite || (counts.CacheWrite > 0 && for30m is null && for12h is null && options.IsCacheLifetimeUnknown);
    }
}
