namespace OpenAIProxy.Gateway.Limits.Stores;

/// <summary>How full a counter is.</summary>
/// <param name="Used">What is counted in it, reserved amounts included. Settled amounts may go beyond the limit.</param>
/// <param name="ResetsIn">Milliseconds until all of it is forgotten, if nothing is added; 0 if it is empty, or if nobody knows.</param>
internal readonly record struct Level(long Used, long ResetsIn)
{
    /// <summary>What is left of <paramref name="counter"/>, 0 or more.</summary>
    public long Remaining(Counter counter) => Math.Max(0, counter.Limit - Used);
}
