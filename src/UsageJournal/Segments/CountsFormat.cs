using System.Numerics;
using System.Runtime.InteropServices;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.UsageJournal.Segments;

/// <summary>
/// Counts in a record: two bytes that say which of the sixteen are not 0, and those as numbers of variable length, seven bits a byte,
/// the lowest first. The bits stay what they are, and all of them are taken: one more count takes a new version of the record.
/// </summary>
internal static class CountsFormat
{
    private const int MaskBytes = sizeof(ushort);

    /// <summary>The most bytes that counts can take.</summary>
    public const int Most = MaskBytes + (UsageCounts.Kinds * 10);

    public static void Write(UsageCounts counts, Span<byte> to, ref int at)
    {
        var maskAt = at;
        var mask = 0;
        at += MaskBytes;
        var values = counts.AsSpan();
        for (var kind = 0; kind < values.Length; kind++)
        {
            if (values[kind] != 0)
            {
                mask |= 1 << kind;
                WriteNumber((ulong)values[kind], to, ref at);
            }
        }

        MemoryMarshal.Write(to[maskAt..], checked((ushort)mask));
    }

    /// <exception cref="InvalidDataException">These are no counts.</exception>
    public static UsageCounts Read(ReadOnlySpan<byte> from, ref int at)
    {
        var counts = new UsageCounts();
        var mask = (uint)MemoryMarshal.Read<ushort>(from[at..]);
        at += MaskBytes;
        for (; mask != 0; mask &= mask - 1)
        {
            counts[(CountKind)BitOperations.TrailingZeroCount(mask)] = ReadNumber(from, ref at);
        }

        return counts;
    }

    private static void WriteNumber(ulong count, Span<byte> to, ref int at)
    {
        for (; count >= 0x80; count >>= 7)
        {
            to[at++] = (byte)(count | 0x80);
        }

        to[at++] = (byte)count;
    }

    private static long ReadNumber(ReadOnlySpan<byte> from, ref int at)
    {
        ulong count = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var part = from[at++];
            count |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return (long)count;
            }
        }

        throw new InvalidDataException("A variable-length integer has no last byte.");
    }
}
