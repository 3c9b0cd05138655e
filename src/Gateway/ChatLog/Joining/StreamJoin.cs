using System.Buffers;
using System.Net.ServerSentEvents;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace OpenAIProxy.Gateway.ChatLog.Joining;

/// <summary>Joins the events of a stream: chat, completions and responses into one answer, others into a list of what their events said.</summary>
internal static class StreamJoin
{
    /// <summary>Joins them. An event that was cut off is left out.</summary>
    public static JoinedStream Join(ReadOnlyMemory<byte> stream)
    {
        var events = Read(stream, out var hasEndMark);
        var buffer = new ArrayBufferWriter<byte>(Math.Max(256, stream.Length / 4));
        try
        {
            using var json = new Utf8JsonWriter(buffer, LogJson.Options);
            var isWhole = Write(json, events) || hasEndMark;
            json.Flush();
            return new JoinedStream(buffer.WrittenMemory, isWhole);
        }
        catch (InvalidOperationException)
        {
            // One half of a surrogate pair, such as "\ud83d": a server that cuts its text between UTF-16 units. JSON allows it, a string doesn't.
            return new JoinedStream(default, hasEndMark);
        }
    }

    // True if the events say themselves that all is said.
    private static bool Write(Utf8JsonWriter json, List<JsonElement> events)
    {
        if (events.Exists(CompletionJoin.IsChunk))
        {
            CompletionJoin.Write(json, events);
            return false;
        }

        if (events.Exists(ResponseJoin.IsEvent))
        {
            return ResponseJoin.Write(json, events);
        }

        WriteList(json, events);
        return false;
    }

    private static List<JsonElement> Read(ReadOnlyMemory<byte> stream, out bool hasEndMark)
    {
        var events = new List<JsonElement>();
        hasEndMark = false;
        MemoryMarshal.TryGetArray(stream, out var bytes);
        using var source = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        foreach (var item in SseParser.Create(source, (_, data) => Parse(data)).Enumerate())
        {
            if (item.Data is { } data)
            {
                events.Add(data);
            }
            else
            {
                hasEndMark = true;
            }
        }

        return events;
    }

    // Null for the end mark.
    private static JsonElement? Parse(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            return null;
        }

        try
        {
            return JsonElement.Parse(data);
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(Encoding.UTF8.GetString(data));
        }
    }

    private static void WriteList(Utf8JsonWriter json, List<JsonElement> events)
    {
        json.WriteStartArray();
        events.ForEach(data => data.WriteTo(json));
        json.WriteEndArray();
    }
}
