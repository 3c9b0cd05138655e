namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>What clients know of their calls of one key and kind.</summary>
internal sealed class Sent
{
    private long _calls;
    private long _whole;

    /// <summary>Calls that may have arrived.</summary>
    public long Calls => Volatile.Read(ref _calls);

    /// <summary>Of these, calls whose whole answer came.</summary>
    public long Whole => Volatile.Read(ref _whole);

    public void Add(Outcome outcome)
    {
        if (outcome != Outcome.NotSent)
        {
            Interlocked.Increment(ref _calls);
        }

        if (outcome == Outcome.Whole)
        {
            Interlocked.Increment(ref _whole);
        }
    }
}
