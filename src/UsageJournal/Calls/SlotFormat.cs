using System.Runtime.InteropServices;
using System.Text.Unicode;
using OpenAIProxy.Contracts;
using OpenAIProxy.UsageJournal.Files;

namespace OpenAIProxy.UsageJournal.Calls;

/// <summary>
/// The bytes of a file of open calls, little-endian. Header: <c>0</c> magic, <c>8</c> version (4), <c>12</c> checksum of all else in it (4),
/// <c>16</c> the id of the segment that recovery makes of what it finds (16), which is also the file's name, <c>32</c> number of slots (4); it
/// takes a slot's space. A slot: <c>0</c> 0 if free, else <see cref="Taken"/> (4), <c>4</c> checksum of all from 12 on (4), <c>8</c> output
/// estimate (<see cref="PackOutput"/>, 4), <c>12</c> input estimate (4), <c>16</c> id (16), <c>32</c> started (8), <c>40</c> flags (1),
/// <c>41</c> length of key, endpoint and region (1 each), <c>44</c> of the model (2), <c>48</c> the texts. Version 1 had no checksum and no
/// number of slots in its header, states that were just not 0, and the output estimate as it is.
/// </summary>
internal static class SlotFormat
{
    public const int Bytes = 512;
    public const int HeaderBytes = 64;
    public const int SumAt = 4;
    public const int InputAt = 12;
    public const int IdAt = 16;
    public const int StartedAt = 32;
    public const int FlagsAt = 40;
    public const int LengthsAt = 41;
    public const int ModelLengthAt = 44;
    public const int TextAt = 48;
    public const byte FreeFlag = 1;

    private const ulong Magic = 0x534C4C43_50494141; // AAIPCLLS
    private const uint FirstVersion = 1;
    private const uint Version = 2;
    private const int VersionAt = 8;
    private const int HeaderSumAt = 12;
    private const int CutIdAt = 16;
    private const int SlotsAt = 32;
    private const int OutputAt = 8;
    private const int LargestOutput = (1 << 24) - 1;

    // Of UTF-8; together with the model's they fit a slot. Keys and endpoints are ours and shorter.
    private const int LongestKey = 128;
    private const int LongestEndpoint = 64;
    private const int LongestRegion = 32;

    /// <summary>Writes a header.</summary>
    /// <param name="file">At least <see cref="HeaderBytes"/>.</param>
    /// <param name="cutId">The id of the segment that recovery makes.</param>
    /// <param name="slots">How many slots follow.</param>
    public static void WriteHeader(Span<byte> file, Guid cutId, int slots)
    {
        MemoryMarshal.Write(file, Magic);
        MemoryMarshal.Write(file[VersionAt..], Version);
        cutId.TryWriteBytes(file[CutIdAt..]);
        MemoryMarshal.Write(file[SlotsAt..], slots);
        MemoryMarshal.Write(file[HeaderSumAt..], HeaderSum(file));
    }

    /// <summary>Reads a header, which may be damaged.</summary>
    /// <returns>True if it is sound; version 1 had no checksum.</returns>
    public static bool TryReadHeader(ReadOnlySpan<byte> file, out Guid cutId, out int slots, out bool isFirstVersion)
    {
        cutId = Guid.Empty;
        slots = 0;
        isFirstVersion = false;
        if (file.Length < HeaderBytes)
        {
            return false;
        }

        cutId = new Guid(file.Slice(CutIdAt, 16));
        var version = MemoryMarshal.Read<uint>(file[VersionAt..]);
        isFirstVersion = version == FirstVersion;
        if (!isFirstVersion)
        {
            slots = MemoryMarshal.Read<int>(file[SlotsAt..]);
        }

        return MemoryMarshal.Read<ulong>(file) == Magic
            && (isFirstVersion || (version == Version && MemoryMarshal.Read<uint>(file[HeaderSumAt..]) == HeaderSum(file)));
    }

    /// <summary>The state of a slot that is taken. All states have 16 bits set, so that a flipped bit tells itself from a slot that is free.</summary>
    public static int Taken(int generation) => (generation + 1) | (~(generation + 1) << 16);

    /// <summary>The word for an output estimate: 24 bits of it, and 8 that are made from these.</summary>
    public static int PackOutput(int estimate)
    {
        var value = (uint)Math.Clamp(estimate, 0, LargestOutput);
        return (int)(value | Check(value));
    }

    /// <summary>Reads what <see cref="PackOutput"/> made; false if it is damaged.</summary>
    public static bool TryUnpackOutput(int word, out int estimate)
    {
        estimate = word & LargestOutput;
        return word == 0 || ((uint)word & ~(uint)LargestOutput) == Check((uint)estimate);
    }

    /// <summary>The word that says whether a slot is taken: not 0.</summary>
    public static ref int State(Span<byte> slot) => ref MemoryMarshal.AsRef<int>(slot);

    /// <summary>The output estimate.</summary>
    public static ref int Output(Span<byte> slot) => ref MemoryMarshal.AsRef<int>(slot[OutputAt..]);

    /// <summary>Writes a call into a free slot. It is there once its state is set.</summary>
    public static void Write(Span<byte> slot, in CallStart call, uint seed)
    {
        Output(slot) = 0;
        MemoryMarshal.Write(slot[InputAt..], call.InputEstimate);
        call.Id.TryWriteBytes(slot[IdAt..]);
        MemoryMarshal.Write(slot[StartedAt..], call.Started);
        slot[FlagsAt] = call.IsFree ? FreeFlag : (byte)0;
        var at = TextAt;
        slot[LengthsAt] = (byte)Write(call.Key, slot, ref at, LongestKey);
        slot[LengthsAt + 1] = (byte)Write(call.Endpoint, slot, ref at, LongestEndpoint);
        slot[LengthsAt + 2] = (byte)Write(call.Region, slot, ref at, LongestRegion);
        MemoryMarshal.Write(slot[ModelLengthAt..], (ushort)Write(call.RequestedModel, slot, ref at, Bytes));
        MemoryMarshal.Write(slot[SumAt..], Sum(slot, at, seed));
    }

    /// <summary>The checksum of a slot whose texts reach up to <paramref name="end"/>.</summary>
    public static uint Sum(ReadOnlySpan<byte> slot, int end, uint seed) => ~Checksum.Add(seed, slot[InputAt..end]);

    private static uint Check(uint value) => (value * 0x9E3779B1) & ~(uint)LargestOutput;

    private static uint HeaderSum(ReadOnlySpan<byte> file)
        => ~Checksum.Add(
            Checksum.Add(Checksum.Add(uint.MaxValue, file[..HeaderSumAt]), file.Slice(CutIdAt, 16)), (ulong)MemoryMarshal.Read<uint>(file[SlotsAt..]));

    private static int Write(string text, Span<byte> slot, ref int at, int longest)
    {
        var characters = text.AsSpan(0, Math.Min(text.Length, UsageDimensions.LongestName));
        // Cut between characters if it doesn't fit.
        Utf8.FromUtf16(characters, slot[at..Math.Min(at + longest, Bytes)], out _, out var length);
        at += length;
        return length;
    }
}
