namespace OpenAIProxy.ServiceDefaults.Logs;

/// <summary>Lets a line be logged once in a period, and counts how often it was held back. For what callers can cause at will.</summary>
public sealed class OncePerPeriod(TimeProvider time, TimeSpan period)
{
    private long _next = long.MinValue;
    private long _held;

    /// <summary>True if it may be said now; <paramref name="held"/> is how often it was held back since the last time.</summary>
    public bool TryPass(out long held)
    {
        var now = time.GetTimestamp();
        var next = Volatile.Read(ref _next);
        if (now < next || Interlocked.CompareExchange(ref _next, now + (long)(period.TotalSeconds * time.TimestampFrequency), next) != next)
        {
            Interlocked.Increment(ref _held);
            held = 0;
            return false;
        }

        held = Interlocked.Exchange(ref _held, 0);
        return true;
    }
}
