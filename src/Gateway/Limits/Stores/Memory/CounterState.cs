namespace OpenAIProxy.Gateway.Limits.Stores.Memory;

/// <summary>A counter in memory. Whoever asks it for anything holds its lock. Times are milliseconds of the store's clock.</summary>
internal abstract class CounterState
{
    private static long _last;

    /// <summary>The order in which locks are taken.</summary>
    public long Order { get; } = Interlocked.Increment(ref _last);

    /// <summary>True once it is out of the store: nothing may be counted here any more.</summary>
    public bool IsGone { get; set; }

    /// <summary>What is counted now.</summary>
    public abstract long Used(Counter counter, long now);

    /// <summary>Milliseconds until there is room for <paramref name="amount"/>; -1 if there never will be.</summary>
    public abstract long FitsIn(long amount, long limit, long now);

    /// <summary>Milliseconds until all of it is forgotten; 0 if it is empty.</summary>
    public abstract long ResetsIn(long now);

    /// <summary>Counts an amount; a reserved one will be settled.</summary>
    public abstract void Add(long amount, bool isReserved, long now);

    /// <summary>Replaces a reserved amount of <paramref name="takenAt"/> by what was used.</summary>
    public abstract void Settle(long reserved, long used, long takenAt, long now);

    /// <summary>True if nothing is lost with it.</summary>
    public abstract bool IsUnused(long now);

    /// <summary>A new one for <paramref name="counter"/>.</summary>
    /// <param name="counter">The counter.</param>
    /// <param name="now">The time.</param>
    /// <param name="unixNow">The same, in unix milliseconds.</param>
    public static CounterState Of(Counter counter, long now, long unixNow) => counter.Kind switch
    {
        CounterKind.Sliding => new SlidingState(counter.SlotMilliseconds, now),
        CounterKind.Concurrency => new ConcurrencyState(),
        _ => new PeriodState(counter.EndsAt == 0 ? long.MaxValue : now + counter.EndsAt - unixNow),
    };
}
