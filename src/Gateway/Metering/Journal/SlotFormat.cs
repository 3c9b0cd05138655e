using System.Runtime.InteropServices;
using System.Text.Unicode;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.Gateway.Metering.Journal;

/// <summary>
/// The bytes of a file of open calls, little-endian. Header: <c>0</c> magic, <c>8</c> version (4), <c>16</c> the id of the segment that
/// recovery makes of what it finds (16); it takes a slot's space. A slot: <c>0</c> 0 if free (4), <c>4</c> checksum of all from 12 on (4),
/// <c>8</c> output estimate (4), <c>12</c> input estimate (4), <c>16</c> id (16), <c>32</c> started (8), <c>40</c> flags (1), <c>41</c> length
/// of key, endpoint and region (1 each), <c>44</c> of the model (2), <c>48</c> the texts.
/// </summary>
internal static class SlotFormat
{
    public const int Bytes = 512;

    private const ulong Magic = 0x534C4C43_50494141; // AAIPCLLS
    private const uint Version = 1;
    private const int VersionAt = 8;
    private const int CutIdAt = 16;
    private const int SumAt = 4;
    private const int OutputAt = 8;
    private const int InputAt = 12;
    private const int IdAt = 16;
    private const int StartedAt = 32;
    private const int FlagsAt = 40;
    private const int LengthsAt = 41;
    private const int ModelLengthAt = 44;
    private const int TextAt = 48;
    private const byte FreeFlag = 1;

    // Of UTF-8; together with the model's they fit a slot. Keys and endpoints are ours and shorter.
    private const int LongestKey = 128;
    private const int LongestEndpoint = 64;
    private const int LongestRegion = 32;

    public static void WriteHeader(Span<byte> file, Guid cutId)
    {
        MemoryMarshal.Write(file[VersionAt..], Version);
        cutId.TryWriteBytes(file[CutIdAt..]);
        MemoryMarshal.Write(file, Magic);
    }

    /// <summary>Reads a header; false if there is none yet.</summary>
    /// <exception cref="InvalidDataException">It is something else, or of another version.</exception>
    public static bool TryReadHeader(ReadOnlySpan<byte> file, out Guid cutId)
    {
        cutId = Guid.Empty;
        if (file.Length < Bytes || MemoryMarshal.Read<ulong>(file) == 0)
        {
            return false;
        }

        var version = MemoryMarshal.Read<uint>(file[VersionAt..]);
        if (MemoryMarshal.Read<ulong>(file) != Magic || version != Version)
        {
            throw new InvalidDataException($"Not a file of open calls of version {Version}.");
        }

        cutId = new Guid(file.Slice(CutIdAt, 16));
        return true;
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

    /// <summary>What is to be recorded of a call that was open when its gateway was killed; null if the slot is free or half written.</summary>
    public static UsageRecord? ReadCut(ReadOnlySpan<byte> slot, uint seed, NameCache names)
    {
        var (key, endpoint, region) = (slot[LengthsAt], slot[LengthsAt + 1], slot[LengthsAt + 2]);
        var model = MemoryMarshal.Read<ushort>(slot[ModelLengthAt..]);
        var end = TextAt + key + endpoint + region + model;
        if (MemoryMarshal.Read<int>(slot) == 0 || end > Bytes || MemoryMarshal.Read<uint>(slot[SumAt..]) != Sum(slot, end, seed))
        {
            return null;
        }

        var input = MemoryMarshal.Read<int>(slot[InputAt..]);
        var output = MemoryMarshal.Read<int>(slot[OutputAt..]);
        var hasTokens = input > 0 || output > 0;
        var unit = hasTokens ? UsageUnit.Tokens : (slot[FlagsAt] & FreeFlag) != 0 ? UsageUnit.Free : UsageUnit.Unmetered;
        var counts = new UsageCounts { Requests = 1, Cut = 1, Input = Math.Max(input, 0), Output = Math.Max(output, 0) };
        return new UsageRecord
        {
            Id = new Guid(slot.Slice(IdAt, 16)),
            Started = MemoryMarshal.Read<long>(slot[StartedAt..]),
            Key = names.Of(slot.Slice(TextAt, key)),
            Endpoint = names.Of(slot.Slice(TextAt + key, endpoint)),
            Region = names.Of(slot.Slice(TextAt + key + endpoint, region)),
            RequestedModel = names.Of(slot.Slice(end - model, model)),
            IsCut = true,
            Duration = -1,
            Lines = [new UsageLine("", ServiceTier.Default, unit, hasTokens, counts)],
        };
    }

    private static uint Sum(ReadOnlySpan<byte> slot, int end, uint seed) => ~Checksum.Add(seed, slot[InputAt..end]);

    private static int Write(string text, Span<byte> slot, ref int at, int longest)
    {
        var characters = text.AsSpan(0, Math.Min(text.Length, UsageDimensions.LongestName));
        // Cut between characters if it doesn't fit.
        Utf8.FromUtf16(characters, slot[at..Math.Min(at + longest, Bytes)], out _, out var length);
        at += length;
        return length;
    }
}
