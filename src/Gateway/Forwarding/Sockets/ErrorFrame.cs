using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenAIProxy.Gateway.Forwarding.Sockets;

/// <summary>
/// The message by which a client is told of a refusal, as OpenAI tells of errors over a WebSocket:
/// <code>{"type":"error","status":429,"error":{"type":"…","code":"…","message":"…","param":null},"headers":{"retry-after":"2"}}</code>
/// </summary>
internal static class ErrorFrame
{
    private const byte LastText = 0x81;
    private const byte TwoBytes = 126;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The frame, as a server sends it.</summary>
    public static byte[] Of(SocketRefusal refusal)
    {
        var text = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(text, Options))
        {
            Write(json, refusal);
        }

        byte[] head = [LastText, (byte)text.WrittenCount];
        if (text.WrittenCount >= TwoBytes)
        {
            // No message of ours is longer than two bytes can say.
            head = [LastText, TwoBytes, 0, 0];
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), checked((ushort)text.WrittenCount));
        }

        return [.. head, .. text.WrittenSpan];
    }

    private static void Write(Utf8JsonWriter json, SocketRefusal refusal)
    {
        var reason = refusal.Reason;
        json.WriteStartObject();
        json.WriteString("type", "error");
        json.WriteNumber("status", reason.Status);
        json.WriteStartObject("error");
        json.WriteString("type", reason.Type ?? (reason.Status < StatusCodes.Status500InternalServerError ? "invalid_request_error" : "server_error"));
        json.WriteString("code", reason.Code);
        json.WriteString("message", reason.Message.English);
        json.WriteString("param", reason.Param);
        if (reason.ResetsAt is { } resets)
        {
            json.WriteNumber("resets_at", resets);
        }

        json.WriteEndObject();
        if (refusal.RetryAfter is { } wait)
        {
            json.WriteStartObject("headers");
            json.WriteString("retry-after", Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
