namespace OpenAIProxy.Gateway.Limits.Stores;

/// <summary>What is counted under one name, and how much of it there may be. All gateways that share a store name it alike.</summary>
/// <param name="name">
/// Its name in the store: ids and hashes, never a secret. It changes with <paramref name="window"/>, so that amounts of one window are never read as
/// those of another; it stays the same when <paramref name="limit"/> changes.
/// </param>
/// <param name="kind">How it forgets.</param>
/// <param name="limit">How much there may be, at least 1: calls, tokens or micro-dollars.</param>
/// <param name="window">The time of <see cref="CounterKind.Sliding"/>, at least a second. Nothing for the other kinds.</param>
/// <param name="isShadow">True if it only tells what it would have refused.</param>
internal sealed class Counter(string name, CounterKind kind, long limit, TimeSpan window, bool isShadow = false)
{
    /// <summary>Parts of a sliding window. What was counted is forgotten a part after the window's end at the latest, and never before it.</summary>
    public const int Slots = 20;

    private long _floor;

    /// <summary>Its name in the store.</summary>
    public string Name { get; } = name;

    /// <summary>How it forgets.</summary>
    public CounterKind Kind { get; } = kind;

    /// <summary>How much there may be.</summary>
    public long Limit { get; } = limit;

    /// <summary>The time of a sliding window.</summary>
    public TimeSpan Window { get; } = window;

    /// <summary>True if it only tells what it would have refused.</summary>
    public bool IsShadow { get; } = isShadow;

    /// <summary>Milliseconds of a part of the window.</summary>
    public long SlotMilliseconds { get; } = Math.Max(1, (long)window.TotalMilliseconds / Slots);

    /// <summary>The end of a <see cref="CounterKind.Period"/>, unix milliseconds; 0 if it has none.</summary>
    public long EndsAt { get; init; }

    /// <summary>
    /// What is known to be spent in a <see cref="CounterKind.Period"/>, from elsewhere: a store that knows of less has lost it, and goes on from here.
    /// </summary>
    public long Floor
    {
        get => Volatile.Read(ref _floor);
        set => Volatile.Write(ref _floor, value);
    }
}
