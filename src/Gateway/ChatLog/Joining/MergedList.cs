using System.Text.Json;

namespace OpenAIProxy.Gateway.ChatLog.Joining;

/// <summary>A JSON list that comes in deltas: objects with an <c>index</c> are found by it, all else is added at the end.</summary>
internal sealed class MergedList
{
    private readonly SortedDictionary<long, MergedValue> _indexed = [];
    private readonly List<JsonElement> _others = [];

    /// <summary>Adds a delta: a list.</summary>
    public void Add(JsonElement delta)
    {
        foreach (var item in delta.EnumerateArray())
        {
            if (IndexOf(item) is { } index)
            {
                At(index).Add(item);
            }
            else
            {
                _others.Add(item);
            }
        }
    }

    /// <summary>The object with this index; an empty one if there is none.</summary>
    public MergedValue At(long index)
    {
        if (!_indexed.TryGetValue(index, out var value))
        {
            _indexed[index] = value = new MergedValue();
        }

        return value;
    }

    /// <summary>Writes all of it.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var value in _indexed.Values)
        {
            value.Write(json);
        }

        _others.ForEach(item => item.WriteTo(json));
        json.WriteEndArray();
    }

    private static long? IndexOf(JsonElement item)
        => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("index", out var index) && index.ValueKind == JsonValueKind.Number
            && index.TryGetInt64(out var number)
            ? number
            : null;
}
