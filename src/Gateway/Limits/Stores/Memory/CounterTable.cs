using System.Collections.Concurrent;

namespace OpenAIProxy.Gateway.Limits.Stores.Memory;

/// <summary>The counters by name, and their locks. One that is empty goes away within a minute or two.</summary>
internal sealed class CounterTable : IDisposable
{
    private static readonly TimeSpan SweepsEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, CounterState> _states = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _sweep;

    public CounterTable(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _sweep = time.CreateTimer(_ => Sweep(), null, SweepsEvery, SweepsEvery);
    }

    /// <summary>How many there are.</summary>
    public int Count => _states.Count;

    /// <summary>Milliseconds of a clock that goes on when somebody sets the machine's. It begins late enough that no slot has a negative number.</summary>
    public long Now => (long)_time.GetElapsedTime(_start).TotalMilliseconds + TimeSpan.FromDays(400).Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>
    /// Finds the counters of all charges and locks them, always in the same order, so that nobody waits for one who waits for them. A counter may be
    /// there twice.
    /// </summary>
    /// <returns>The time.</returns>
    public long Lock(Charge[] charges, Span<CounterState> states)
    {
        Span<int> order = stackalloc int[states.Length];
        while (true)
        {
            for (var i = 0; i < charges.Length; i++)
            {
                states[i] = StateOf(charges[i].Counter);
            }

            Sort(states, order);
            var isGone = false;
            foreach (var i in order)
            {
                Monitor.Enter(states[i]);
                isGone |= states[i].IsGone;
            }

            if (!isGone)
            {
                return Now;
            }

            Unlock(states);
        }
    }

    /// <summary>Lets them go.</summary>
    public static void Unlock(ReadOnlySpan<CounterState> states)
    {
        foreach (var state in states)
        {
            Monitor.Exit(state);
        }
    }

    /// <summary>Finds one and locks it.</summary>
    public CounterState LockOne(Counter counter, out long now)
    {
        while (true)
        {
            var state = StateOf(counter);
            Monitor.Enter(state);
            if (!state.IsGone)
            {
                now = Now;
                return state;
            }

            Monitor.Exit(state);
        }
    }

    /// <summary>Looks at each sliding window, under its lock.</summary>
    public void ForEachSliding(Action<string, SlidingState, long> look)
    {
        foreach (var (name, state) in _states)
        {
            if (state is SlidingState sliding)
            {
                lock (state)
                {
                    look(name, sliding, Now);
                }
            }
        }
    }

    public void Dispose() => _sweep.Dispose();

    private CounterState StateOf(Counter counter) => _states.TryGetValue(counter.Name, out var state)
        ? state
        : _states.GetOrAdd(counter.Name, CounterState.Of(counter, Now, _time.GetUtcNow().ToUnixTimeMilliseconds()));

    private static void Sort(ReadOnlySpan<CounterState> states, Span<int> order)
    {
        for (var i = 0; i < order.Length; i++)
        {
            var at = i;
            for (; at > 0 && states[order[at - 1]].Order > states[i].Order; at--)
            {
                order[at] = order[at - 1];
            }

            order[at] = i;
        }
    }

    private void Sweep()
    {
        foreach (var (name, state) in _states)
        {
            lock (state)
            {
                if (state.IsUnused(Now))
                {
                    state.IsGone = true;
                    _states.TryRemove(name, out _);
                }
            }
        }
    }
}
