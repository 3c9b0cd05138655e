using System.Runtime.InteropServices;
using System.Text;
using OpenAIProxy.Contracts;
using OpenAIProxy.Usage;

namespace OpenAIProxy.UsageJournal.Segments;

/// <summary>
/// The payload of a record, little-endian: version (1), status (2), id (16), started (8), duration (4), first token (4), flags (1), key,
/// endpoint, model and region, in version 2 the end user, number of lines (2); then for each line flags (1), model, tier, unit and, where it has
/// one, the once-id, then its counts (<see cref="CountsFormat"/>). A text is its length (2) and UTF-8, cut to
/// <see cref="UsageDimensions.LongestName"/>. A record without an end user is of version 1, which older releases read as well.
/// </summary>
internal static class RecordFormat
{
    public const byte FirstVersion = 1;
    public const byte Version = 2;
    public const byte ErrorFlag = 1;
    public const byte CutFlag = 2;
    public const byte EstimatedFlag = 1;
    public const byte OnceFlag = 2;
    public const byte AnotherModelFlag = 4;

    /// <summary>Characters of a once-id: ids of upstream objects are short, but they are ids, so there is more room than for names.</summary>
    public const int LongestOnce = 512;

    /// <summary>The fewest bytes of a record.</summary>
    public const int FixedBytes = 1 + 2 + 16 + 8 + 4 + 4 + 1 + 2;
    private const int BytesPerCharacter = 3;

    /// <summary>Bytes that are enough for a record.</summary>
    public static int Bound(UsageRecord record)
    {
        var bound = FixedBytes + Bound(record.Key) + Bound(record.Endpoint) + Bound(record.RequestedModel) + Bound(record.Region)
            + Bound(record.EndUser);
        for (var i = 0; i < record.Lines.Count; i++)
        {
            var line = record.Lines[i];
            bound += 1 + Bound(line.Model) + Bound(line.Tier) + Bound(line.Unit) + CountsFormat.Most
                + (line.Once is null ? 0 : Bound(line.Once, LongestOnce));
        }

        return bound;
    }

    /// <summary>Writes a record.</summary>
    /// <returns>How many bytes.</returns>
    public static int Write(UsageRecord record, Span<byte> to)
    {
        to[0] = record.EndUser.Length > 0 ? Version : FirstVersion;
        MemoryMarshal.Write(to[1..], (short)record.Status);
        record.Id.TryWriteBytes(to[3..]);
        MemoryMarshal.Write(to[19..], record.Started);
        MemoryMarshal.Write(to[27..], record.Duration);
        MemoryMarshal.Write(to[31..], record.FirstToken);
        to[35] = (byte)((record.IsError ? ErrorFlag : 0) | (record.IsCut ? CutFlag : 0));
        var at = 36;
        Write(record.Key, to, ref at);
        Write(record.Endpoint, to, ref at);
        Write(record.RequestedModel, to, ref at);
        Write(record.Region, to, ref at);
        if (record.EndUser.Length > 0)
        {
            Write(record.EndUser, to, ref at);
        }

        MemoryMarshal.Write(to[at..], (ushort)record.Lines.Count);
        at += 2;
        for (var i = 0; i < record.Lines.Count; i++)
        {
            Write(record.Lines[i], to, ref at);
        }

        return at;
    }

    private static void Write(UsageLine line, Span<byte> to, ref int at)
    {
        to[at++] = (byte)((line.Estimated ? EstimatedFlag : 0) | (line.Once is null ? 0 : OnceFlag) | (line.IsOfAnotherModel ? AnotherModelFlag : 0));
        Write(line.Model, to, ref at);
        Write(line.Tier, to, ref at);
        Write(line.Unit, to, ref at);
        if (line.Once is not null)
        {
            Write(line.Once, to, ref at, LongestOnce);
        }

        CountsFormat.Write(line.Counts, to, ref at);
    }

    private static void Write(string text, Span<byte> to, ref int at, int longest = UsageDimensions.LongestName)
    {
        var length = Encoding.UTF8.GetBytes(text.AsSpan(0, Math.Min(text.Length, longest)), to[(at + 2)..]);
        MemoryMarshal.Write(to[at..], (ushort)length);
        at += 2 + length;
    }

    private static int Bound(string text, int longest = UsageDimensions.LongestName) => 2 + (BytesPerCharacter * Math.Min(text.Length, longest));
}
