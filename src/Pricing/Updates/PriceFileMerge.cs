using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenAIProxy.Pricing.Updates;

/// <summary>Writes a price file of rows that come from two.</summary>
internal static class PriceFileMerge
{
    private const string Also = "also";
    private const string Source = "source";

    private static readonly JsonDocumentOptions Reading = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    // A file of prices is read by people, never put into a web page.
    private static readonly JsonWriterOptions Writing = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The rows of <paramref name="update"/>, but for <paramref name="kept"/>, whose rows are those of <paramref name="current"/>.</summary>
    /// <param name="update">A price file.</param>
    /// <param name="current">Another.</param>
    /// <param name="rows">The rows of <paramref name="current"/>, in its order.</param>
    /// <param name="kept">Models.</param>
    /// <param name="names">All names of <paramref name="kept"/>: a name has one price, so nothing in <paramref name="update"/> may have it, too.</param>
    public static ReadOnlyMemory<byte> Write(
        ReadOnlyMemory<byte> update, ReadOnlyMemory<byte> current, IReadOnlyList<PriceRow> rows, HashSet<string> kept, HashSet<string> names)
    {
        using var newer = JsonDocument.Parse(WithoutMark(update), Reading);
        using var older = JsonDocument.Parse(WithoutMark(current), Reading);
        var buffer = new ArrayBufferWriter<byte>(update.Length + current.Length);
        using var json = new Utf8JsonWriter(buffer, Writing);
        json.WriteStartObject();
        if (newer.RootElement.TryGetProperty("sources", out var sources))
        {
            json.WritePropertyName("sources");
            sources.WriteTo(json);
        }

        json.WriteStartArray("prices");
        foreach (var row in newer.RootElement.GetProperty("prices").EnumerateArray())
        {
            if (!names.Contains(row.GetProperty("model").GetString()!))
            {
                WriteNewer(json, row, names);
            }
        }

        foreach (var (i, row) in older.RootElement.GetProperty("prices").EnumerateArray().Index())
        {
            if (kept.Contains(rows[i].Model))
            {
                WriteKept(json, row, rows[i].Source);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    // What has kept prices of its own is no other name of a model any more.
    private static void WriteNewer(Utf8JsonWriter json, JsonElement row, HashSet<string> names)
    {
        json.WriteStartObject();
        foreach (var property in row.EnumerateObject())
        {
            if (!property.NameEquals(Also))
            {
                property.WriteTo(json);
                continue;
            }

            json.WriteStartArray(Also);
            foreach (var name in property.Value.EnumerateArray().Where(n => !names.Contains(n.GetString()!)))
            {
                name.WriteTo(json);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    // Its source by its text: the file that explains the short name is the other one now.
    private static void WriteKept(Utf8JsonWriter json, JsonElement row, string? source)
    {
        json.WriteStartObject();
        foreach (var property in row.EnumerateObject())
        {
            if (property.NameEquals(Source))
            {
                json.WriteString(Source, source);
                continue;
            }

            property.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> json)
        => json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
}
