using System.Text.Json;

namespace OpenAIProxy.Simulator.Sockets;

/// <summary>What matters of an event that a client sends.</summary>
internal sealed record SocketEvent(string Type, string? StreamId, string Model, int CloseCode, string CloseReason)
{
    /// <summary>Null if the message is no JSON object.</summary>
    public static SocketEvent? Parse(ReadOnlyMemory<byte> message)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            var root = document.RootElement;
            return root.ValueKind != JsonValueKind.Object
                ? null
                : new(
                    Text(root, "type") ?? "",
                    Text(root, "stream_id"),
                    Text(root, "model") ?? "gpt-5",
                    root.TryGetProperty("code", out var code) && code.TryGetInt32(out var number) ? number : 1000,
                    Text(root, "reason") ?? "");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement json, string name)
        => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
