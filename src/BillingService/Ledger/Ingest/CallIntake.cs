using OpenAIProxy.BillingService.Ledger.Live;
using OpenAIProxy.BillingService.Ledger.Writing;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Ingest;

/// <summary>Takes the calls that come with a batch, for those who look on. What is wrong with one is no reason to refuse usage: it is left out.</summary>
internal sealed class CallIntake(RecentCalls recent, TimeProvider time)
{
    private const int LargestStatus = 999;

    /// <summary>Keeps the good ones.</summary>
    /// <param name="calls">The calls; null if the gateway tells none.</param>
    /// <param name="sent">The gateway's time.</param>
    public void Take(IReadOnlyList<RecentCall>? calls, DateTimeOffset? sent)
    {
        var now = time.GetUtcNow();
        var skew = (long)BatchTime.Skew(now, sent).TotalMilliseconds;
        foreach (var call in (calls ?? []).TakeLast(RecentCall.MostOfBatch).Where(IsGood))
        {
            // At the ledger's time, as their usage is booked: prices depend on it.
            var rows = CleanNames.Of(BatchTime.Correct(call.Rows, now, sent));
            recent.Add(call with { Ended = Math.Min(call.Ended + skew, now.ToUnixTimeMilliseconds()), Rows = rows });
        }
    }

    private static bool IsGood(RecentCall? call)
        => call is { Ended: >= 0 and < long.MaxValue / 2, Duration: >= 0, Status: >= 0 and <= LargestStatus, Rows.Count: > 0 and <= RecentCall.MostRows }
            && call.Rows.All(BatchCheck.IsGood);
}
