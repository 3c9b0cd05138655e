using System.Buffers;
using System.Globalization;
using System.Text.Json;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.ChatLog.Calls;
using OpenAIProxy.Gateway.ChatLog.Joining;

namespace OpenAIProxy.Gateway.ChatLog.Lines;

/// <summary>Makes a line of a call: one JSON object. Its fields are those of the table in docs/telemetry.md.</summary>
internal sealed class LineFormat(AccessKeyLabels labels, KeyMask mask, BodyText bodies)
{
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>The line, with its line end; good until the next one is made.</summary>
    public ReadOnlySpan<byte> Write(LoggedEntry entry)
    {
        var call = entry.Call;
        var request = bodies.Show(entry.Request, call.Secret);
        var answer = bodies.Show(entry.Answer, call.Secret);
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line, LogJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("time", DateTimeOffset.FromUnixTimeMilliseconds(call.Started).ToString(Time, CultureInfo.InvariantCulture));
            json.WriteString("id", entry.Id);
            json.WriteString("key", call.KeyId);
            json.WriteString("label", LabelOf(call.KeyId));
            json.WriteString("method", call.Method);
            json.WriteString("path", mask.Apply(call.Path, call.Secret));
            json.WriteString("model", mask.Apply(ModelOf(request.Json) ?? call.Deployment ?? ModelOf(answer.Json) ?? "", call.Secret));
            json.WriteNumber("status", entry.Status);
            json.WriteNumber("duration_ms", entry.Duration);
            WriteFirstByte(json, entry.FirstByte);
            json.WriteBoolean("stream", entry.Answer is { Type.IsEventStream: true });
            json.WriteString("end", Name(entry.End == CallEnd.ClientLeft && answer.IsWhole ? CallEnd.Complete : entry.End));
            Write(json, "request", entry.Request, request);
            Write(json, "answer", entry.Answer, answer);
            json.WriteEndObject();
        }

        _line.Write("\n"u8);
        return _line.WrittenSpan;
    }

    private string? LabelOf(string keyId) => labels.Find(keyId) is { Name.Length: > 0 } label ? label.Name : null;

    private static void WriteFirstByte(Utf8JsonWriter json, int milliseconds)
    {
        if (milliseconds < 0)
        {
            json.WriteNull("first_byte_ms");
            return;
        }

        json.WriteNumber("first_byte_ms", milliseconds);
    }

    private static void Write(Utf8JsonWriter json, string name, CapturedBody? body, in BodyLine line)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(line.Value, skipInputValidation: true);
        if (line.IsCut)
        {
            json.WriteBoolean($"{name}_truncated", true);
        }

        if (line.IsLeftOut)
        {
            json.WriteStartObject($"{name}_left_out");
            json.WriteString("content_type", body!.Type.Media);
            if (body.Type.Encoding.Length > 0)
            {
                json.WriteString("content_encoding", body.Type.Encoding);
            }

            json.WriteNumber("bytes", body.Total);
            json.WriteEndObject();
        }
    }

    private static string? ModelOf(JsonElement? body)
        => body is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String
            ? model.GetString()
            : null;

    private static string Name(CallEnd end) => end switch
    {
        CallEnd.Complete => "complete",
        CallEnd.UpstreamBroke => "upstream_broke",
        CallEnd.GatewayFailed => "gateway_failed",
        CallEnd.Open or CallEnd.ClientLeft or _ => "client_left",
    };
}
