using System.Runtime.InteropServices;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.UsageJournal;

/// <summary>
/// Counts in a record: two bytes that say which of the sixteen are not 0, and those as numbers of variable length, seven bits a byte,
/// the lowest first. The bits stay what they are, and all of them are taken: one more count takes a new version of the record.
/// </summary>
internal static class CountsFormat
{
    /// <summary>The most bytes that counts can take.</summary>
    public const int Most = 2 + (16 * 10);

    public static void Write(UsageCounts counts, Span<byte> to, ref int at)
    {
        var maskAt = at;
        var mask = 0;
        at += 2;
        Write(counts.Requests, 0, ref mask, to, ref at);
        Write(counts.Errors, 1, ref mask, to, ref at);
        Write(counts.Cut, 2, ref mask, to, ref at);
        Write(counts.Input, 3, ref mask, to, ref at);
        Write(counts.CachedInput, 4, ref mask, to, ref at);
        Write(counts.CacheWrite, 5, ref mask, to, ref at);
        Write(counts.AudioInput, 6, ref mask, to, ref at);
        Write(counts.CachedAudioInput, 7, ref mask, to, ref at);
        Write(counts.ImageInput, 8, ref mask, to, ref at);
        Write(counts.CachedImageInput, 9, ref mask, to, ref at);
        Write(counts.Output, 10, ref mask, to, ref at);
        Write(counts.ReasoningOutput, 11, ref mask, to, ref at);
        Write(counts.AudioOutput, 12, ref mask, to, ref at);
        Write(counts.ImageOutput, 13, ref mask, to, ref at);
        Write(counts.Quantity, 14, ref mask, to, ref at);
        Write(counts.CacheWrite12h, 15, ref mask, to, ref at);
        MemoryMarshal.Write(to[maskAt..], (ushort)mask);
    }

    /// <exception cref="InvalidDataException">These are no counts.</exception>
    public static UsageCounts Read(ReadOnlySpan<byte> from, ref int at)
    {
        var mask = MemoryMarshal.Read<ushort>(from[at..]);
        at += 2;
        return new UsageCounts
        {
            Requests = Read(0, mask, from, ref at),
            Errors = Read(1, mask, from, ref at),
            Cut = Read(2, mask, from, ref at),
            Input = Read(3, mask, from, ref at),
            CachedInput = Read(4, mask, from, ref at),
            CacheWrite = Read(5, mask, from, ref at),
            AudioInput = Read(6, mask, from, ref at),
            CachedAudioInput = Read(7, mask, from, ref at),
            ImageInput = Read(8, mask, from, ref at),
            CachedImageInput = Read(9, mask, from, ref at),
            Output = Read(10, mask, from, ref at),
            ReasoningOutput = Read(11, mask, from, ref at),
            AudioOutput = Read(12, mask, from, ref at),
            ImageOutput = Read(13, mask, from, ref at),
            Quantity = Read(14, mask, from, ref at),
            CacheWrite12h = Read(15, mask, from, ref at),
        };
    }

    private static void Write(long count, int bit, ref int mask, Span<byte> to, ref int at)
    {
        if (count == 0)
        {
            return;
        }

        mask |= 1 << bit;
        var rest = (ulong)count;
        for (; rest >= 0x80; rest >>= 7)
        {
            to[at++] = (byte)(rest | 0x80);
        }

        to[at++] = (byte)rest;
    }

    private static long Read(int bit, int mask, ReadOnlySpan<byte> from, ref int at)
    {
        if ((mask & (1 << bit)) == 0)
        {
            return 0;
        }

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

        throw new InvalidDataException("A number without an end.");
    }
}
