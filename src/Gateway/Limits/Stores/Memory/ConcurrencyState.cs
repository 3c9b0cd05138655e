namespace OpenAIProxy.Gateway.Limits.Stores.Memory;

/// <summary>What is in progress. It needs no expiry: it ends with the process.</summary>
internal sealed class ConcurrencyState : CounterState
{
    private long _places;

    public override long Used(Counter counter, long now) => _places;

    public override long FitsIn(long amount, long limit, long now)
        => _places + amount <= limit ? 0 : Decision.ConcurrencyWait;

    public override long ResetsIn(long now) => 0;

    public override void Add(long amount, bool isReserved, long now) => _places += amount;

    public override void Settle(long reserved, long used, long takenAt, long now) => _places -= Math.Min(reserved, _places);

    public override bool IsUnused(long now) => _places == 0;
}
