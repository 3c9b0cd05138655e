namespace OpenAIProxy.BillingService.Ledger.Ingest;

/// <summary>Whether something that goes on is to be said again: once an hour. Safe for any number of threads.</summary>
internal sealed class SeldomLog(TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private long _next;

    /// <summary>True if it is time, which then is not for an hour.</summary>
    public bool IsDue()
    {
        var now = time.GetUtcNow();
        var next = Volatile.Read(ref _next);
        return now.UtcTicks >= next && Interlocked.CompareExchange(ref _next, (now + Every).UtcTicks, next) == next;
    }
}
