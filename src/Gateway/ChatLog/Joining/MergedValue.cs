using System.Text;
using System.Text.Json;

namespace OpenAIProxy.Gateway.ChatLog.Joining;

/// <summary>
/// A JSON object that comes in deltas, as OpenAI's clients put it together: texts are strung together, objects in lists are found by their
/// <c>index</c>, and the rest is what was said last. Names and ids come whole, and some servers repeat them.
/// https://github.com/openai/openai-python/blob/main/src/openai/lib/streaming/_deltas.py
/// </summary>
internal sealed class MergedValue
{
    private readonly Dictionary<string, object> _values = [];

    /// <summary>Adds a delta: an object.</summary>
    public void Add(JsonElement delta)
    {
        foreach (var property in delta.EnumerateObject())
        {
            Add(property.Name, property.Value);
        }
    }

    /// <summary>Adds to one of its values.</summary>
    public void Add(string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when !ComesWhole(name):
                TextOf(name).Append(value.GetString());
                break;
            case JsonValueKind.Object:
                ObjectOf(name).Add(value);
                break;
            case JsonValueKind.Array:
                ListOf(name).Add(value);
                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            case JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
            default:
                Set(name, value);
                break;
        }
    }

    /// <summary>Sets one of its values, unless it is null or an empty text, or nothing is in it and there is another.</summary>
    public void Set(string name, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined || (value.ValueKind == JsonValueKind.String && value.ValueEquals("")))
        {
            return;
        }

        if (!IsEmpty(value) || !_values.ContainsKey(name))
        {
            _values[name] = value;
        }
    }

    /// <summary>The object of this name; an empty one if there is none.</summary>
    public MergedValue ObjectOf(string name) => Of<MergedValue>(name);

    /// <summary>The list of this name; an empty one if there is none.</summary>
    public MergedList ListOf(string name) => Of<MergedList>(name);

    /// <summary>Writes all of it.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (name, value) in _values)
        {
            json.WritePropertyName(name);
            Write(json, value);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case MergedValue merged:
                merged.Write(json);
                break;
            case MergedList list:
                list.Write(json);
                break;
            case JsonElement element:
                element.WriteTo(json);
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }

    // Azure ends with "content_filter_results":{}.
    private static bool IsEmpty(JsonElement value)
        => (value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() == 0)
            || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0);

    private static bool ComesWhole(string name)
        => name is "id" or "type" or "role" or "name" or "object" or "model" or "finish_reason" or "service_tier" or "system_fingerprint" or "call_id";

    private StringBuilder TextOf(string name) => Of<StringBuilder>(name);

    // What had another type before, no delta goes on with.
    private T Of<T>(string name)
        where T : class, new()
    {
        if (_values.TryGetValue(name, out var value) && value is T known)
        {
            return known;
        }

        var made = new T();
        _values[name] = made;
        return made;
    }
}
