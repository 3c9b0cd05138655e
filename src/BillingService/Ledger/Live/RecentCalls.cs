using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Live;

/// <summary>
/// The calls of the last minutes that this service was told of, in memory only: some megabytes at most, gone with a restart. With several
/// services each has the calls of the batches that it took.
/// </summary>
internal sealed class RecentCalls(TimeProvider time)
{
    private const int MostCalls = 5_000;

    private readonly Lock _lock = new();
    private readonly Queue<RecentCall> _calls = [];

    /// <summary>How long a call is shown.</summary>
    public static TimeSpan Age { get; } = TimeSpan.FromMinutes(15);

    /// <summary>Adds a call.</summary>
    public void Add(RecentCall call)
    {
        lock (_lock)
        {
            _calls.Enqueue(call);
            while (_calls.Count > MostCalls || (_calls.TryPeek(out var oldest) && oldest.Ended < Oldest()))
            {
                _calls.Dequeue();
            }
        }
    }

    /// <summary>The latest calls, the newest first.</summary>
    /// <param name="isOf">Whether those of a key, by its id, are asked for.</param>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<RecentCall> Latest(Func<string, bool> isOf, int most)
    {
        RecentCall[] calls;
        lock (_lock)
        {
            calls = [.. _calls];
        }

        var oldest = Oldest();
        return [.. calls.Where(call => call.Ended >= oldest && isOf(call.Rows[0].What.Key))
            .Reverse().OrderByDescending(call => call.Ended).Take(most)];
    }

    private long Oldest() => (time.GetUtcNow() - Age).ToUnixTimeMilliseconds();
}
