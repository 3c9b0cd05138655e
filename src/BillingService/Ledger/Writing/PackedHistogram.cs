using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Writing;

/// <summary>
/// A histogram of <see cref="LatencyBuckets"/> in a few bytes: for each bucket that has calls, rising, its distance from the one before
/// and its calls, both as variable-length integers of seven bits a byte.
/// </summary>
internal static class PackedHistogram
{
    private const int LongestNumber = 10;

    // A million batches with the largest count that BatchCheck takes, 10^12, add up to less.
    private const ulong MostCalls = 1UL << 60;

    /// <summary>Packs calls, of which there is one number for each bucket.</summary>
    public static byte[] Pack(ReadOnlySpan<long> calls)
    {
        Span<byte> bytes = stackalloc byte[2 * LongestNumber * (LatencyBuckets.Last + 1)];
        var length = 0;
        var last = 0;
        for (var bucket = 0; bucket < calls.Length; bucket++)
        {
            if (calls[bucket] != 0)
            {
                length += Write(bytes[length..], (ulong)(bucket - last));
                length += Write(bytes[length..], (ulong)calls[bucket]);
                last = bucket;
            }
        }

        return bytes[..length].ToArray();
    }

    /// <summary>
    /// Adds what is packed in <paramref name="bytes"/> to <paramref name="calls"/>, of which there is one for each bucket. False, and nothing is
    /// added, if they are no histogram: a damaged one must cost no more than its own calls.
    /// </summary>
    public static bool TryAddTo(Span<long> calls, ReadOnlySpan<byte> bytes)
    {
        if (!TryVisit(bytes, default))
        {
            return false;
        }

        TryVisit(bytes, calls);
        return true;
    }

    private static bool TryVisit(ReadOnlySpan<byte> bytes, Span<long> calls)
    {
        var bucket = 0UL;
        for (var isFirst = true; bytes.Length > 0; isFirst = false)
        {
            if (!TryRead(ref bytes, out var distance) || !TryRead(ref bytes, out var count)
                || distance > LatencyBuckets.Last || (bucket += distance) > LatencyBuckets.Last || (distance == 0 && !isFirst) || count > MostCalls)
            {
                return false;
            }

            if (!calls.IsEmpty)
            {
                calls[(int)bucket] += (long)count;
            }
        }

        return true;
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

    private static bool TryRead(ref ReadOnlySpan<byte> bytes, out ulong number)
    {
        number = 0;
        for (var i = 0; i < bytes.Length && i < LongestNumber; i++)
        {
            number |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] <= 0x7F)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
