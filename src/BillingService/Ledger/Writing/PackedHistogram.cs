using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Writing;

/// <summary>
/// A histogram of <see cref="LatencyBuckets"/> in a few bytes: for each bucket that has calls, rising, its distance from the one before
/// and its calls, both as variable-length integers of seven bits a byte.
/// </summary>
internal static class PackedHistogram
{
    private const int LongestNumber = 10;

    /// <summary>Packs it.</summary>
    public static byte[] Pack(Dictionary<int, long> calls)
    {
        if (calls.Count == 0)
        {
            return [];
        }

        Span<int> buckets = stackalloc int[LatencyBuckets.Last + 1];
        var count = 0;
        foreach (var bucket in calls.Keys)
        {
            buckets[count++] = bucket;
        }

        buckets = buckets[..count];
        buckets.Sort();
        Span<byte> bytes = stackalloc byte[2 * LongestNumber * (LatencyBuckets.Last + 1)];
        var length = 0;
        var last = 0;
        foreach (var bucket in buckets)
        {
            length += Write(bytes[length..], (ulong)(bucket - last));
            length += Write(bytes[length..], (ulong)calls[bucket]);
            last = bucket;
        }

        return bytes[..length].ToArray();
    }

    /// <summary>Adds what is packed in <paramref name="bytes"/> to <paramref name="calls"/>.</summary>
    public static void AddTo(Dictionary<int, long> calls, ReadOnlySpan<byte> bytes)
    {
        var bucket = 0;
        while (bytes.Length > 0)
        {
            bucket += (int)Read(ref bytes);
            calls[bucket] = calls.GetValueOrDefault(bucket) + (long)Read(ref bytes);
        }
    }

    private static int Write(Span<byte> bytes, ulong number)
    {
        var length = 0;
        for (; number > 0x7F; number >>= 7)
        {
            bytes[length++] = (byte)(number | 0x80);
        }

        bytes[length++] = (byte)number;
        return length;
    }

    private static ulong Read(ref ReadOnlySpan<byte> bytes)
    {
        var number = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            number |= (ulong)(next & 0x7F) << shift;
            if (next <= 0x7F)
            {
                return number;
            }
        }
    }
}
