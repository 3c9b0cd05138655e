using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenAIProxy.BillingService.Commands;

/// <summary>Writes what a command prints with <c>--json</c>: one object, on one line.</summary>
internal static class CommandJson
{
    // For programs and terminals, never within a page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the object with the properties that <paramref name="write"/> gives it.</summary>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }
}
