using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Writing;

/// <summary>The two histograms of some calls.</summary>
internal sealed class Latency
{
    public Dictionary<int, long> Duration { get; } = [];

    public Dictionary<int, long> FirstToken { get; } = [];

    public void Add(UsageRow row)
    {
        Add(Duration, row.Duration);
        Add(FirstToken, row.FirstToken);
    }

    /// <summary>Adds histograms as <see cref="PackedHistogram"/> packs them.</summary>
    public void Add(byte[] duration, byte[] firstToken)
    {
        PackedHistogram.AddTo(Duration, duration);
        PackedHistogram.AddTo(FirstToken, firstToken);
    }

    private static void Add(Dictionary<int, long> sums, Dictionary<int, long>? calls)
    {
        foreach (var (bucket, count) in calls ?? [])
        {
            sums[bucket] = sums.GetValueOrDefault(bucket) + count;
        }
    }
}
