using System.Runtime.CompilerServices;

namespace OpenAIProxy.Gateway.Limits.Stores.Memory;

/// <summary>Counts in this process's memory.</summary>
internal sealed class MemoryLimitStore(TimeProvider time) : ILimitStore, IDisposable
{
    private readonly CounterTable _counters = new(time);

    /// <summary>How many counters there are.</summary>
    public int Count => _counters.Count;

    public ValueTask<Decision> TakeAsync(Charge[] charges) => new(Take(charges, Share.Whole));

    /// <summary>Counts all charges, or none if one doesn't fit into its part of the limit.</summary>
    public Decision Take(Charge[] charges, Share share)
    {
        var decision = new Decision(charges);
        var few = default(FewStates);
        Span<CounterState> states = charges.Length <= FewStates.Most ? ((Span<CounterState>)few)[..charges.Length] : new CounterState[charges.Length];
        var now = _counters.Lock(charges, states);
        try
        {
            Decide(decision, states, share, now);
        }
        finally
        {
            CounterTable.Unlock(states);
        }

        return decision;
    }

    public void Settle(Decision decision, ReadOnlySpan<long> amounts)
    {
        if (!decision.IsTaken || !decision.TrySettle())
        {
            return;
        }

        for (var i = 0; i < amounts.Length; i++)
        {
            var charge = decision.Charges[i];
            if (charge.Amount == amounts[i] && charge.Counter.Kind == CounterKind.Sliding)
            {
                continue;
            }

            var state = _counters.LockOne(charge.Counter, out var now);
            state.Settle(charge.Amount, amounts[i], decision.TakenAt, now);
            Monitor.Exit(state);
        }
    }

    public void Add(Charge[] charges)
    {
        foreach (var charge in charges)
        {
            var state = _counters.LockOne(charge.Counter, out var now);
            state.Add(charge.Amount, isReserved: false, now);
            Monitor.Exit(state);
        }
    }

    public ValueTask<Level[]?> ReadAsync(Counter[] counters, CancellationToken cancellationToken)
    {
        var levels = new Level[counters.Length];
        for (var i = 0; i < counters.Length; i++)
        {
            var state = _counters.LockOne(counters[i], out var now);
            levels[i] = new Level(state.Used(counters[i], now), state.ResetsIn(now));
            Monitor.Exit(state);
        }

        return new(levels);
    }

    /// <summary>Remembers what is counted in all sliding windows now.</summary>
    public void Mark() => _counters.ForEachSliding((_, state, now) => state.Mark(now));

    /// <summary>What was counted since <see cref="Mark"/>, or all of it.</summary>
    public IReadOnlyList<SlidingAmounts> SinceMark(bool isAll)
    {
        var all = new List<SlidingAmounts>();
        _counters.ForEachSliding((name, state, now) =>
        {
            if (state.SinceMark(isAll, now) is { Count: > 0 } slots)
            {
                all.Add(new SlidingAmounts(name, state.SlotLength, slots));
            }
        });
        return all;
    }

    public void Dispose() => _counters.Dispose();

    private static void Decide(Decision decision, ReadOnlySpan<CounterState> states, Share share, long now)
    {
        var charges = decision.Charges;
        decision.TakenAt = now;
        for (var i = 0; i < charges.Length; i++)
        {
            var counter = charges[i].Counter;
            var used = states[i].Used(counter, now);
            if (share.LimitOf(counter, WindowOf(counter)) is not { } limit || used + charges[i].Amount <= limit)
            {
                continue;
            }

            if (counter.IsShadow)
            {
                decision.ShadowRefusals |= 1UL << i;
                continue;
            }

            decision.Refuse(i, states[i].FitsIn(charges[i].Amount, limit, now));
        }

        for (var i = 0; i < charges.Length; i++)
        {
            if (decision.IsTaken)
            {
                states[i].Add(charges[i].Amount, isReserved: true, now);
            }

            decision.Levels[i] = new Level(states[i].Used(charges[i].Counter, now), Math.Max(0, states[i].ResetsIn(now)));
        }
    }

    private static long WindowOf(Counter counter) => counter.Kind switch
    {
        CounterKind.Sliding => counter.SlotMilliseconds * (Counter.Slots + 1),
        _ => 0,
    };

    // On the stack: there are rarely more.
    [InlineArray(Most)]
    private struct FewStates
    {
        public const int Most = 16;

        private CounterState _first;
    }
}
