namespace OpenAIProxy.Gateway.Limits.Stores.Memory;

/// <summary>
/// The window cut into <see cref="Counter.Slots"/> parts. What is in the current part and in those of a whole window before it counts, so that no time
/// of the window's length ever has more than the limit.
/// </summary>
/// <param name="slotLength">Milliseconds of a part.</param>
/// <param name="now">The time.</param>
internal sealed class SlidingState(long slotLength, long now) : CounterState
{
    private const int Kept = Counter.Slots + 1;

    // Slot n is at n % Kept; there are those from _newest - Slots on.
    private readonly long[] _amounts = new long[Kept];
    private long _newest = now / slotLength;
    private long _sum;
    private long[]? _marked;
    private long _newestMarked;

    public override long Used(Counter counter, long now)
    {
        Advance(now);
        return _sum;
    }

    public override long FitsIn(long amount, long limit, long now)
    {
        Advance(now);
        var over = _sum + amount - limit;
        if (amount > limit)
        {
            return -1;
        }

        for (var slot = _newest - Counter.Slots; over > 0 && slot <= _newest; slot++)
        {
            over -= _amounts[At(slot)];
            if (over <= 0)
            {
                return ForgottenIn(slot, now);
            }
        }

        return 0;
    }

    public override long ResetsIn(long now)
    {
        Advance(now);
        for (var slot = _newest; _sum > 0 && slot >= _newest - Counter.Slots; slot--)
        {
            if (_amounts[At(slot)] > 0)
            {
                return ForgottenIn(slot, now);
            }
        }

        return 0;
    }

    public override void Add(long amount, bool isReserved, long now)
    {
        Advance(now);
        _amounts[At(_newest)] += amount;
        _sum += amount;
    }

    public override void Settle(long reserved, long used, long takenAt, long now)
    {
        Advance(now);
        if (used >= reserved)
        {
            // More than was reserved was used now, not then.
            Add(used - reserved, isReserved: false, now);
            return;
        }

        var slot = takenAt / slotLength;
        if (slot >= _newest - Counter.Slots)
        {
            // Never below 0, for a counter that began after the call.
            var back = Math.Min(reserved - used, _amounts[At(slot)]);
            _amounts[At(slot)] -= back;
            _sum -= back;
        }
    }

    public override bool IsUnused(long now)
    {
        Advance(now);
        return _sum == 0;
    }

    /// <summary>Milliseconds of a slot.</summary>
    public long SlotLength => slotLength;

    /// <summary>Remembers what is counted now.</summary>
    public void Mark(long now)
    {
        Advance(now);
        _marked = [.. _amounts];
        _newestMarked = _newest;
    }

    /// <summary>What was counted since the mark, slot by slot; all if there is none, or if <paramref name="isAll"/>.</summary>
    public List<SlotAmount> SinceMark(bool isAll, long now)
    {
        Advance(now);
        var slots = new List<SlotAmount>();
        for (var slot = _newest - Counter.Slots; slot <= _newest; slot++)
        {
            var wasThere = !isAll && _marked is not null && slot <= _newestMarked && slot >= _newestMarked - Counter.Slots;
            var amount = _amounts[At(slot)] - (wasThere ? _marked![At(slot)] : 0);
            if (amount > 0)
            {
                slots.Add(new SlotAmount(_newest - slot, amount));
            }
        }

        return slots;
    }

    private void Advance(long now)
    {
        var slot = now / slotLength;
        if (slot - _newest >= Kept)
        {
            Array.Clear(_amounts);
            _sum = 0;
            _newest = slot;
        }

        while (_newest < slot)
        {
            _newest++;
            _sum -= _amounts[At(_newest)];
            _amounts[At(_newest)] = 0;
        }
    }

    private long ForgottenIn(long slot, long now) => ((slot + Kept) * slotLength) - now;

    private static int At(long slot) => (int)(slot % Kept);
}
