using System.Runtime.InteropServices;
using OpenAIProxy.Usage;

namespace OpenAIProxy.UsageJournal.Segments;

/// <summary>Reads what <see cref="RecordFormat"/> wrote.</summary>
internal static class RecordReader
{
    private const int IdAt = 3;

    /// <summary>The record's id, without reading the rest.</summary>
    public static Guid Id(ReadOnlySpan<byte> payload) => new(payload.Slice(IdAt, 16));

    /// <exception cref="InvalidDataException">It is of another version, or no record at all.</exception>
    public static UsageRecord Read(ReadOnlySpan<byte> payload, NameCache names)
    {
        if (payload.IsEmpty || payload[0] is not (RecordFormat.FirstVersion or RecordFormat.Version))
        {
            throw new InvalidDataException($"Not a usage record of version {RecordFormat.FirstVersion} or {RecordFormat.Version}.");
        }

        try
        {
            return ReadRecord(payload, names);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("A usage record ends too early.", e);
        }
    }

    private static UsageRecord ReadRecord(ReadOnlySpan<byte> payload, NameCache names)
    {
        var at = 36;
        return new UsageRecord
        {
            Status = MemoryMarshal.Read<short>(payload[1..]),
            Id = Id(payload),
            Started = MemoryMarshal.Read<long>(payload[19..]),
            Duration = MemoryMarshal.Read<int>(payload[27..]),
            FirstToken = MemoryMarshal.Read<int>(payload[31..]),
            IsError = (payload[35] & RecordFormat.ErrorFlag) != 0,
            IsCut = (payload[35] & RecordFormat.CutFlag) != 0,
            Key = Text(payload, names, ref at),
            Endpoint = Text(payload, names, ref at),
            RequestedModel = Text(payload, names, ref at),
            Region = Text(payload, names, ref at),
            EndUser = payload[0] == RecordFormat.FirstVersion ? "" : Text(payload, names, ref at),
            Lines = Lines(payload, names, ref at),
        };
    }

    private static UsageLine[] Lines(ReadOnlySpan<byte> payload, NameCache names, ref int at)
    {
        var lines = new UsageLine[MemoryMarshal.Read<ushort>(payload[at..])];
        at += 2;
        for (var i = 0; i < lines.Length; i++)
        {
            var flags = payload.Slice(at++, 1)[0];
            var model = Text(payload, names, ref at);
            var tier = Text(payload, names, ref at);
            var unit = Text(payload, names, ref at);
            var once = (flags & RecordFormat.OnceFlag) == 0 ? null : Text(payload, names, ref at);
            lines[i] = new UsageLine(model, tier, unit, (flags & RecordFormat.EstimatedFlag) != 0, CountsFormat.Read(payload, ref at), once)
            {
                IsOfAnotherModel = (flags & RecordFormat.AnotherModelFlag) != 0,
            };
        }

        return lines;
    }

    private static string Text(ReadOnlySpan<byte> payload, NameCache names, ref int at)
    {
        var length = MemoryMarshal.Read<ushort>(payload[at..]);
        var text = names.Of(payload.Slice(at + 2, length));
        at += 2 + length;
        return text;
    }
}
