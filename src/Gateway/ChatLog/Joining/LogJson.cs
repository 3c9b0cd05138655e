using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenAIProxy.Gateway.ChatLog.Joining;

/// <summary>How the log's JSON is written.</summary>
internal static class LogJson
{
    /// <summary>Text in any language stays readable. What writes it writes JSON: nothing checks that again.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}
