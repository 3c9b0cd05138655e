using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Writing;

/// <summary>The two histograms of some calls: a number for each of <see cref="LatencyBuckets"/>.</summary>
internal sealed class Latency
{
    private readonly long[] _duration = new long[LatencyBuckets.Last + 1];
    private readonly long[] _firstToken = new long[LatencyBuckets.Last + 1];

    public ReadOnlySpan<long> Duration => _duration;

    public ReadOnlySpan<long> FirstToken => _firstToken;

    public void Add(UsageRow row)
    {
        Add(_duration, row.Duration);
        Add(_firstToken, row.FirstToken);
    }

    /// <summary>Adds other calls <paramref name="times"/> times; -1 takes them away.</summary>
    public void Add(Latency? other, int times)
    {
        for (var bucket = 0; other is not null && bucket < _duration.Length; bucket++)
        {
            _duration[bucket] += times * other._duration[bucket];
            _firstToken[bucket] += times * other._firstToken[bucket];
        }
    }

    /// <summary>Adds histograms as <see cref="PackedHistogram"/> packs them. False if one is damaged: then that one is left out.</summary>
    public bool TryAdd(byte[] duration, byte[] firstToken)
        => PackedHistogram.TryAddTo(_duration, duration) & PackedHistogram.TryAddTo(_firstToken, firstToken);

    private static void Add(long[] sums, Dictionary<int, long>? calls)
    {
        foreach (var (bucket, count) in calls ?? [])
        {
            sums[bucket] += count;
        }
    }
}
