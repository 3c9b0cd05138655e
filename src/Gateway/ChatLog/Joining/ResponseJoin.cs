using System.Text;
using System.Text.Json;

namespace OpenAIProxy.Gateway.ChatLog.Joining;

/// <summary>
/// Joins the events of a response. The last one holds all of the response; of a stream that was cut off it is what the events said so far:
/// the response as it began, and each text as far as it came.
/// </summary>
internal static class ResponseJoin
{
    private const string Delta = ".delta";

    /// <summary>True for an event of a response.</summary>
    public static bool IsEvent(JsonElement data) => TypeOf(data).StartsWith("response.", StringComparison.Ordinal);

    /// <summary>Writes it. True if the response has ended.</summary>
    public static bool Write(Utf8JsonWriter json, List<JsonElement> events)
    {
        JsonElement? response = null;
        JsonElement? error = null;
        foreach (var data in events)
        {
            var type = TypeOf(data);
            if (data.ValueKind == JsonValueKind.Object && data.TryGetProperty("response", out var shown) && shown.ValueKind == JsonValueKind.Object)
            {
                response = shown;
                if (type is "response.completed" or "response.incomplete" or "response.failed" or "response.cancelled")
                {
                    shown.WriteTo(json);
                    return true;
                }
            }

            error = type == "error" ? data : error;
        }

        json.WriteStartObject();
        Write(json, "response", response);
        Write(json, "error", error);
        WriteDeltas(json, events);
        json.WriteEndObject();
        return false;
    }

    private static void WriteDeltas(Utf8JsonWriter json, List<JsonElement> events)
    {
        json.WriteStartArray("partial");
        foreach (var part in events.Where(data => TypeOf(data).EndsWith(Delta, StringComparison.Ordinal))
            .GroupBy(data => (Type: TypeOf(data), Output: Number(data, "output_index"), Content: Number(data, "content_index"))))
        {
            json.WriteStartObject();
            json.WriteString("type", part.Key.Type[..^Delta.Length]);
            json.WriteNumber("output_index", part.Key.Output);
            json.WriteNumber("content_index", part.Key.Content);
            json.WriteString("text", part.Aggregate(new StringBuilder(), (text, data) => text.Append(TextOf(data, "delta"))).ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is { } known)
        {
            json.WritePropertyName(name);
            known.WriteTo(json);
        }
    }

    private static string TypeOf(JsonElement data) => TextOf(data, "type");

    private static string TextOf(JsonElement data, string name)
        => data.ValueKind == JsonValueKind.Object && data.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";

    private static long Number(JsonElement data, string name)
        => data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : 0;
}
