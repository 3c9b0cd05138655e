using System.Runtime.InteropServices;

namespace OpenAIProxy.Gateway.Metering.Journal;

/// <summary>
/// The bytes of a segment, little-endian. Header: <c>0</c> magic, <c>8</c> version (4), <c>16</c> id (16), <c>32</c> unix milliseconds of the
/// first record (8), up to <see cref="HeaderBytes"/>. Then records, each on a multiple of 8: <c>0</c> length of the payload (4), <c>4</c> its
/// checksum (4), <c>8</c> the payload (<see cref="RecordFormat"/>). The checksum covers the record's place, too.
/// </summary>
internal static class SegmentFormat
{
    public const int HeaderBytes = 64;
    public const int RecordHeaderBytes = 8;

    private const ulong Magic = 0x4C4E524A_50494141; // AAIPJRNL
    private const uint Version = 1;
    private const int VersionAt = 8;
    private const int IdAt = 16;
    private const int FirstAt = 32;

    /// <summary>How much space a record takes.</summary>
    public static int Space(int payload) => (RecordHeaderBytes + payload + 7) & ~7;

    public static void WriteHeader(Span<byte> file, Guid id)
    {
        MemoryMarshal.Write(file[VersionAt..], Version);
        id.TryWriteBytes(file[IdAt..]);
        MemoryMarshal.Write(file, Magic);
    }

    /// <summary>Notes when the first record was written: unix milliseconds.</summary>
    public static void WriteFirst(Span<byte> file, long time) => MemoryMarshal.Write(file[FirstAt..], time);

    /// <summary>Writes a record. Only with its checksum, which comes last, it is one.</summary>
    public static void WriteRecord(Span<byte> file, int at, ReadOnlySpan<byte> payload, uint seed)
    {
        payload.CopyTo(file[(at + RecordHeaderBytes)..]);
        MemoryMarshal.Write(file[at..], payload.Length);
        Volatile.Write(ref MemoryMarshal.AsRef<uint>(file[(at + 4)..]), Sum(seed, at, payload));
    }

    /// <summary>The checksum of the record at a place.</summary>
    public static uint Sum(uint seed, int at, ReadOnlySpan<byte> payload)
        => ~Checksum.Add(Checksum.Add(seed, (uint)at | ((ulong)payload.Length << 32)), payload);

    /// <summary>Reads a header.</summary>
    /// <returns>False if the file never got one: its maker was killed before it could hold anything.</returns>
    /// <exception cref="InvalidDataException">It is something else, or of another version.</exception>
    public static bool TryReadHeader(ReadOnlySpan<byte> file, out Guid id, out long first)
    {
        (id, first) = (Guid.Empty, 0);
        if (file.Length < HeaderBytes || MemoryMarshal.Read<ulong>(file) == 0)
        {
            return false;
        }

        var version = MemoryMarshal.Read<uint>(file[VersionAt..]);
        if (MemoryMarshal.Read<ulong>(file) != Magic || version != Version)
        {
            throw new InvalidDataException($"Not a journal segment of version {Version}.");
        }

        id = new Guid(file.Slice(IdAt, 16));
        first = MemoryMarshal.Read<long>(file[FirstAt..]);
        return true;
    }
}
