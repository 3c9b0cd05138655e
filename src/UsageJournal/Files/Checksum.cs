using System.Numerics;
using System.Runtime.InteropServices;

namespace OpenAIProxy.UsageJournal.Files;

/// <summary>CRC-32C, by the processor's own instruction.</summary>
internal static class Checksum
{
    /// <summary>Where the checksums of a file with this id start. As callers don't know it, no text of theirs can look like a record.</summary>
    public static uint Seed(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return Add(uint.MaxValue, bytes);
    }

    /// <summary>Goes on with a number.</summary>
    public static uint Add(uint checksum, ulong number) => BitOperations.Crc32C(checksum, number);

    /// <summary>Goes on with bytes.</summary>
    public static uint Add(uint checksum, ReadOnlySpan<byte> bytes)
    {
        // Little-endian only; so are the files, and so is everything that .NET runs gateways on.
        foreach (var number in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            checksum = BitOperations.Crc32C(checksum, number);
        }

        for (var i = bytes.Length & ~7; i < bytes.Length; i++)
        {
            checksum = BitOperations.Crc32C(checksum, bytes[i]);
        }

        return checksum;
    }

}
