namespace OpenAIProxy.Gateway.Limits.Stores;

/// <summary>Whether all charges of a call fit. If they do, they are counted until it is settled.</summary>
/// <param name="charges">The charges. At most <see cref="MostCharges"/>.</param>
internal sealed class Decision(Charge[] charges)
{
    /// <summary>More can't be told apart in <see cref="ShadowRefusals"/>.</summary>
    public const int MostCharges = 64;

    private static long _last;
    private int _isSettled;

    /// <summary>The charges.</summary>
    public Charge[] Charges { get; } = charges;

    /// <summary>How full their counters are with them, or without them if they don't fit. At the same places.</summary>
    public Level[] Levels { get; } = new Level[charges.Length];

    /// <summary>The charge that doesn't fit; of several, the one that fits last. -1 if all do.</summary>
    public int RefusedBy { get; set; } = -1;

    /// <summary>True if all are counted.</summary>
    public bool IsTaken => RefusedBy < 0 && !IsUnavailable;

    /// <summary>True if the store is away, and nothing may be counted without it.</summary>
    public bool IsUnavailable { get; init; }

    /// <summary>
    /// Milliseconds until all would fit, if nothing else is added; -1 if that will never be, because the amount is beyond the limit. For concurrency
    /// nobody knows it: <see cref="ConcurrencyWait"/>.
    /// </summary>
    public long WaitMilliseconds { get; set; }

    /// <summary>Milliseconds. When it is worth asking again for a place.</summary>
    public const long ConcurrencyWait = 1_000;

    /// <summary>A bit for each charge of a shadow counter that doesn't fit.</summary>
    public ulong ShadowRefusals { get; set; }

    /// <summary>When it was taken, milliseconds of the clock of whoever took it.</summary>
    public long TakenAt { get; set; }

    /// <summary>Tells it from the others of this process.</summary>
    public long Id { get; } = Interlocked.Increment(ref _last);

    /// <summary>The same charges in this gateway's memory, where the store is shared; else null.</summary>
    public Decision? Local { get; set; }

    /// <summary>True if a charge ends by itself unless it is renewed.</summary>
    public bool HasLease => Array.Exists(Charges, charge => charge.Counter.Kind != CounterKind.Sliding);

    /// <summary>Notes that a charge doesn't fit.</summary>
    /// <param name="charge">Its place.</param>
    /// <param name="wait">Milliseconds until it will; -1 if that will never be.</param>
    public void Refuse(int charge, long wait)
    {
        if (RefusedBy < 0 || (WaitMilliseconds >= 0 && (wait < 0 || wait > WaitMilliseconds)))
        {
            RefusedBy = charge;
            WaitMilliseconds = wait;
        }
    }

    /// <summary>True once it is settled.</summary>
    public bool IsSettled => Volatile.Read(ref _isSettled) == 1;

    /// <summary>True the first time, for whoever settles it.</summary>
    public bool TrySettle() => Interlocked.Exchange(ref _isSettled, 1) == 0;
}
