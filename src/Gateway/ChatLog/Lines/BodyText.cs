using System.Buffers;
using System.Text;
using System.Text.Json;
using OpenAIProxy.Gateway.ChatLog.Calls;
using OpenAIProxy.Gateway.ChatLog.Joining;

namespace OpenAIProxy.Gateway.ChatLog.Lines;

/// <summary>Makes of a body what stands in the log: decoded, joined if it is a stream, without keys, and not too long.</summary>
/// <param name="mask">What takes keys out.</param>
/// <param name="most">Bytes that are shown.</param>
/// <param name="time">The clock.</param>
internal sealed class BodyText(KeyMask mask, int most, TimeProvider time)
{
    /// <summary>An event has some hundred bytes around a few letters of text.</summary>
    private const int EventsToText = 8;

    /// <summary>
    /// Bytes that are to be kept of a body: some more than are shown, since a key in front of the cut is recognized only whole. Of events it is no
    /// byte more than a power of two where the limit is one: the pool would give twice as much.
    /// </summary>
    public int MostKept(BodyType type) => type.IsEventStream ? EventsToText * most : most + KeyMask.LongestKey;

    /// <summary>What is shown of a body.</summary>
    /// <param name="body">The body; null if there is none.</param>
    /// <param name="own">The caller's own key; null if there is none.</param>
    public BodyLine Show(CapturedBody? body, string? own)
    {
        if (body is null || body.Total == 0)
        {
            return BodyLine.None;
        }

        if (!body.Type.IsText || PlainBody.Of(body, MostKept(body.Type), time) is not { } plain)
        {
            return BodyLine.LeftOut;
        }

        // What is not kept may begin with the second half of a key.
        var shown = body.Total > body.Length ? Math.Clamp(plain.Bytes.Length - KeyMask.LongestKey, 0, most) : most;
        if (!body.Type.IsEventStream)
        {
            return Show(plain.Bytes, shown, plain.IsCut, isParsed: !plain.IsCut, own);
        }

        var joined = StreamJoin.Join(plain.Bytes);
        var line = joined.Json.IsEmpty
            ? Show(plain.Bytes, shown, plain.IsCut, isParsed: false, own)
            : Show(joined.Json, most, plain.IsCut, isParsed: true, own);
        return line with { IsWhole = joined.IsWhole };
    }

    private BodyLine Show(ReadOnlyMemory<byte> bytes, int shown, bool isCut, bool isParsed, string? own)
    {
        if (bytes.Length <= shown && isParsed)
        {
            try
            {
                using var document = JsonDocument.Parse(bytes);
                var json = document.RootElement.Clone();
                return new BodyLine(Written(masked => masked.Write(json), own), json, isCut);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // No JSON, or with a text that is no Unicode: as it came.
            }
        }

        var text = Encoding.UTF8.GetString(bytes.Span);
        if (bytes.Length > shown)
        {
            isCut = true;
            // Half a character is none.
            var end = Encoding.UTF8.GetCharCount(bytes.Span[..shown]);
            var cut = mask.CutBefore(text, Math.Max(0, end - 1), own);
            text = text[..(char.IsLowSurrogate(text[cut]) ? cut - 1 : cut)];
        }

        return new BodyLine(Written(masked => masked.Write(text), own), null, isCut);
    }

    private byte[] Written(Action<MaskedJson> write, string? own)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, LogJson.Options);
        write(new MaskedJson(json, mask, own));
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
