namespace OpenAIProxy.Gateway.Limits.Stores.Memory;

/// <summary>What is spent in a calendar period, and what calls in progress may spend.</summary>
/// <param name="endsAt">When the period is over.</param>
internal sealed class PeriodState(long endsAt) : CounterState
{
    private long _spent;
    private long _reserved;

    public override long Used(Counter counter, long now)
    {
        _spent = Math.Max(_spent, counter.Floor);
        return _spent + _reserved;
    }

    public override long FitsIn(long amount, long limit, long now)
    {
        if (_spent + _reserved + amount <= limit)
        {
            return 0;
        }

        // Reservations end when their calls do. What is spent stays until the period is over.
        return _spent + amount <= limit ? Decision.ConcurrencyWait : ResetsIn(now);
    }

    public override long ResetsIn(long now) => endsAt == long.MaxValue ? -1 : Math.Max(1, endsAt - now);

    public override void Add(long amount, bool isReserved, long now)
    {
        if (isReserved)
        {
            _reserved += amount;
        }
        else
        {
            _spent += amount;
        }
    }

    public override void Settle(long reserved, long used, long takenAt, long now)
    {
        _reserved -= Math.Min(reserved, _reserved);
        _spent += used;
    }

    public override bool IsUnused(long now) => now > endsAt || (_spent == 0 && _reserved == 0);
}
