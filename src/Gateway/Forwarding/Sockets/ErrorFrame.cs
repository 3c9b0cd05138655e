using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using OpenAIProxy.ServiceDefaults.Errors;

namespace OpenAIProxy.Gateway.Forwarding.Sockets;

/// <summary>
/// The message by which a client is told of a refusal, as OpenAI tells of errors over a WebSocket:
/// <code>{"type":"error","status":429,"error":{"type":"…","code":"…","message":"…","param":null},"headers":{"retry-after":"2"}}</code>
/// </summary>
internal static class ErrorFrame
{
    private const byte LastText = 0x81;
    private const byte TwoBytes = 126;

    /// <summary>The frame, as a server sends it.</summary>
    public static byte[] Of(SocketRefusal refusal)
    {
        var text = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(text, OpenAIError.Options))
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
        OpenAIError.Write(json, reason.Status, reason.Code, reason.Message.English, reason.Param, reason.Type, reason.ResetsAt);
        if (refusal.RetryAfter is { } wait)
        {
            json.WriteStartObject("headers");
            json.WriteString("retry-after", Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
