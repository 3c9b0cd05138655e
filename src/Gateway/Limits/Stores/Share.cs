namespace OpenAIProxy.Gateway.Limits.Stores;

/// <summary>Which part of the limits holds for what is counted in one gateway's memory.</summary>
/// <param name="Gateways">The limits are divided by this, 1 or more.</param>
/// <param name="LeastWindow">Milliseconds. Limits of shorter windows don't hold: all is counted, and fits.</param>
internal readonly record struct Share(int Gateways, long LeastWindow)
{
    /// <summary>All limits, whole.</summary>
    public static Share Whole => new(1, 0);

    /// <summary>No limits: all is counted.</summary>
    public static Share None => new(1, long.MaxValue);

    /// <summary>The limit that holds; null if none does.</summary>
    /// <param name="counter">The counter.</param>
    /// <param name="window">Milliseconds until it has forgotten what is counted now.</param>
    public long? LimitOf(Counter counter, long window)
    {
        if (LeastWindow > 0 && window < LeastWindow)
        {
            return null;
        }

        // What is known to be spent was spent by all gateways together.
        var spent = counter.Kind == CounterKind.Period ? Math.Min(counter.Floor, counter.Limit) : 0;
        return Gateways == 1 ? counter.Limit : spent + Math.Max(1, (counter.Limit - spent) / Gateways);
    }
}
