namespace OpenAIProxy.Contracts;

/// <summary>
/// A logarithmic histogram that can be merged: four buckets for each doubling, so a quantile is at most 9 % off. Bucket 0 is all below
/// a millisecond, bucket n from 2^((n-1)/4) to 2^(n/4) milliseconds, the last one everything above.
/// </summary>
public static class LatencyBuckets
{
    /// <summary>The last bucket; it begins at 2^24 ms, four and a half hours.</summary>
    public const int Last = 97;

    /// <summary>The bucket of a time.</summary>
    public static int Of(double milliseconds) => milliseconds < 1 ? 0 : Math.Min(1 + (int)(4 * Math.Log2(milliseconds)), Last);

    /// <summary>The mean time in milliseconds, as if each call took its bucket's middle; null if there are none.</summary>
    public static double? Mean(ReadOnlySpan<long> calls)
    {
        var (total, sum) = (0L, 0d);
        for (var bucket = 0; bucket < calls.Length; bucket++)
        {
            total += calls[bucket];
            sum += calls[bucket] * Middle(bucket);
        }

        return total == 0 ? null : sum / total;
    }

    /// <summary>
    /// The time in milliseconds that the share <paramref name="quantile"/> (0 to 1) of all calls did not exceed: the geometric middle of
    /// its bucket. Null if there are none.
    /// </summary>
    /// <param name="calls">How many calls each bucket has.</param>
    /// <param name="quantile">The share.</param>
    public static double? Quantile(ReadOnlySpan<long> calls, double quantile)
    {
        var total = 0L;
        foreach (var count in calls)
        {
            total += count;
        }

        if (total == 0)
        {
            return null;
        }

        var rank = Math.Max(1, (long)Math.Ceiling(quantile * total));
        for (var bucket = 0; bucket < calls.Length; bucket++)
        {
            rank -= calls[bucket];
            if (rank <= 0)
            {
                return Middle(bucket);
            }
        }

        return null;
    }

    private static double Middle(int bucket) => bucket == 0 ? 0.5 : Math.Pow(2, (bucket - 0.5) / 4);
}
