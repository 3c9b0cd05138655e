using System.Runtime.InteropServices;
using OpenAIProxy.UsageJournal.Files;

namespace OpenAIProxy.UsageJournal.Segments;

/// <summary>
/// The bytes of a segment, little-endian. Header: <c>0</c> magic, <c>8</c> version (4), <c>12</c> checksum of magic, version, id and capacity
/// (4), <c>16</c> id (16), <c>32</c> unix milliseconds of the first record (8), <c>40</c> bytes of the file while it is open (4), then what is
/// known once the segment is closed: <c>44</c> bytes used (4), <c>48</c> records (4), <c>52</c> checksum of both (4), up to
/// <see cref="HeaderBytes"/>. Then records, each on a multiple of 8: <c>0</c> length of the payload (4), <c>4</c> its checksum (4), <c>8</c> the
/// payload (<see cref="RecordFormat"/>). The checksum covers the record's place, too. Version 1 had neither checksums in the header, nor what
/// follows the time of the first record. The id is also the file's name.
/// </summary>
internal static class SegmentFormat
{
    public const int HeaderBytes = 64;
    public const int RecordHeaderBytes = 8;

    private const ulong Magic = 0x4C4E524A_50494141; // AAIPJRNL
    private const ulong VoidMagic = 0x44494F56_50494141; // AAIPVOID
    private const uint FirstVersion = 1;
    private const uint Version = 2;
    private const int VersionAt = 8;
    private const int SumAt = 12;
    private const int IdAt = 16;
    private const int FirstAt = 32;
    private const int CapacityAt = 40;
    private const int UsedAt = 44;
    private const int RecordsAt = 48;
    private const int SealAt = 52;

    /// <summary>How much space a record takes.</summary>
    public static int Space(int payload) => (RecordHeaderBytes + payload + 7) & ~7;

    /// <summary>Writes a header.</summary>
    /// <param name="file">The file's bytes, at least those of the header.</param>
    /// <param name="id">The segment's id.</param>
    /// <param name="capacity">Bytes of the file until it is closed.</param>
    public static void WriteHeader(Span<byte> file, Guid id, int capacity)
    {
        MemoryMarshal.Write(file, Magic);
        MemoryMarshal.Write(file[VersionAt..], Version);
        id.TryWriteBytes(file[IdAt..]);
        MemoryMarshal.Write(file[CapacityAt..], capacity);
        MemoryMarshal.Write(file[SumAt..], HeaderSum(file));
    }

    /// <summary>Notes when the first record was written: unix milliseconds.</summary>
    public static void WriteFirst(Span<byte> file, long time) => MemoryMarshal.Write(file[FirstAt..], time);

    /// <summary>Notes in the header of a closed segment how much it holds, so that a lost record is missed.</summary>
    public static void Seal(Span<byte> file, int used, int records)
    {
        MemoryMarshal.Write(file[UsedAt..], used);
        MemoryMarshal.Write(file[RecordsAt..], records);
        MemoryMarshal.Write(file[SealAt..], SealSum(file));
    }

    /// <summary>Says that what the file holds is elsewhere now, and not to be counted.</summary>
    public static void Void(Span<byte> file)
    {
        file[..HeaderBytes].Clear();
        MemoryMarshal.Write(file, VoidMagic);
    }

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

    /// <summary>Reads a header, which may be damaged.</summary>
    public static SegmentHeader ReadHeader(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderBytes)
        {
            return default;
        }

        var magic = MemoryMarshal.Read<ulong>(file);
        var version = MemoryMarshal.Read<uint>(file[VersionAt..]);
        var header = new SegmentHeader
        {
            Id = new Guid(file.Slice(IdAt, 16)),
            First = MemoryMarshal.Read<long>(file[FirstAt..]),
            IsSound = magic == Magic && (version == FirstVersion
                || (version == Version && MemoryMarshal.Read<uint>(file[SumAt..]) == HeaderSum(file) && (!IsClosed(file) || IsSealed(file)))),
            IsVoid = magic == VoidMagic && !file[8..HeaderBytes].ContainsAnyExcept((byte)0),
        };
        if (header.IsSound && version == Version)
        {
            header = header with { Capacity = MemoryMarshal.Read<int>(file[CapacityAt..]) };
        }

        // It has a checksum of its own, so that it is believed also where the rest of the header is damaged.
        return IsClosed(file) && IsSealed(file)
            ? header with { Records = MemoryMarshal.Read<int>(file[RecordsAt..]), Used = MemoryMarshal.Read<int>(file[UsedAt..]) }
            : header;
    }

    private static bool IsClosed(ReadOnlySpan<byte> file) => file[UsedAt..(SealAt + 4)].ContainsAnyExcept((byte)0);

    private static bool IsSealed(ReadOnlySpan<byte> file) => MemoryMarshal.Read<uint>(file[SealAt..]) == SealSum(file);

    private static uint HeaderSum(ReadOnlySpan<byte> file)
        => ~Checksum.Add(
            Checksum.Add(Checksum.Add(uint.MaxValue, file[..SumAt]), file.Slice(IdAt, 16)), (ulong)MemoryMarshal.Read<uint>(file[CapacityAt..]));

    private static uint SealSum(ReadOnlySpan<byte> file) => ~Checksum.Add(uint.MaxValue, MemoryMarshal.Read<ulong>(file[UsedAt..]));
}
