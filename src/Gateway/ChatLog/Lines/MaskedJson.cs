using System.Text.Json;

namespace OpenAIProxy.Gateway.ChatLog.Lines;

/// <summary>Copies JSON with the keys in its texts taken out.</summary>
/// <param name="json">Where to.</param>
/// <param name="mask">What takes them out.</param>
/// <param name="own">One more key; null for none.</param>
internal readonly struct MaskedJson(Utf8JsonWriter json, KeyMask mask, string? own)
{
    /// <summary>Writes a text.</summary>
    public void Write(string text) => json.WriteStringValue(mask.Apply(text, own));

    /// <summary>Writes a value.</summary>
    /// <exception cref="InvalidOperationException">A text in it is no Unicode.</exception>
    public void Write(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    json.WritePropertyName(mask.Apply(property.Name, own));
                    Write(property.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(item);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                Write(value.GetString()!);
                break;
            case JsonValueKind.Undefined or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null:
            default:
                value.WriteTo(json);
                break;
        }
    }
}
