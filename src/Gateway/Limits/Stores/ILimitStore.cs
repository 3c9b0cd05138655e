namespace OpenAIProxy.Gateway.Limits.Stores;

/// <summary>Counts what calls may do. Every decision is atomic: two that come at the same time can't both have what is there once.</summary>
internal interface ILimitStore
{
    /// <summary>
    /// Counts all <paramref name="charges"/>, or none of them if one doesn't fit. It can't be canceled: what was counted for a caller who has left must
    /// be settled, and only the decision tells what that was.
    /// </summary>
    public ValueTask<Decision> TakeAsync(Charge[] charges);

    /// <summary>
    /// Replaces the amounts of a taken decision by what was used, and frees its places. Never waits, never throws; nothing happens the second time.
    /// Amounts may go beyond a limit, which is a debt: nothing fits until enough of it is forgotten.
    /// </summary>
    /// <param name="decision">The decision. One that was refused has nothing to settle.</param>
    /// <param name="amounts">What was used, one for each of its charges; those of concurrency count for nothing.</param>
    public void Settle(Decision decision, ReadOnlySpan<long> amounts);

    /// <summary>Counts what nobody asked for beforehand, whether it fits or not. Never waits, never throws. Not for concurrency.</summary>
    public void Add(Charge[] charges);

    /// <summary>How full counters are, at the places of <paramref name="counters"/>. Null if the store is away.</summary>
    public ValueTask<Level[]?> ReadAsync(Counter[] counters, CancellationToken cancellationToken);
}
