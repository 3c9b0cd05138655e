using System.Text.Json;

namespace OpenAIProxy.Gateway.ChatLog.Joining;

/// <summary>Joins the chunks of a chat or a completion into what it would have been without a stream.</summary>
internal static class CompletionJoin
{
    /// <summary>True for a chunk.</summary>
    public static bool IsChunk(JsonElement data)
        => data.ValueKind == JsonValueKind.Object && data.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array;

    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter json, List<JsonElement> chunks)
    {
        var answer = new MergedValue();
        foreach (var chunk in chunks.Where(chunk => chunk.ValueKind == JsonValueKind.Object))
        {
            foreach (var property in chunk.EnumerateObject())
            {
                Add(answer, property);
            }
        }

        answer.Write(json);
    }

    private static void Add(MergedValue answer, JsonProperty property)
    {
        switch (property.Name)
        {
            case "choices" when property.Value.ValueKind == JsonValueKind.Array:
                foreach (var choice in property.Value.EnumerateArray().Where(choice => choice.ValueKind == JsonValueKind.Object))
                {
                    AddChoice(answer.ListOf("choices"), choice);
                }

                break;
            case "object" when property.Value.ValueKind == JsonValueKind.String:
                answer.Set(property.Name, JsonSerializer.SerializeToElement(property.Value.GetString()!.Replace(".chunk", "", StringComparison.Ordinal)));
                break;
            case "obfuscation":
                // Padding against those who listen to the wire.
                break;
            default:
                answer.Set(property.Name, property.Value);
                break;
        }
    }

    private static void AddChoice(MergedList choices, JsonElement choice)
    {
        var index = choice.TryGetProperty("index", out var at) && at.ValueKind == JsonValueKind.Number && at.TryGetInt64(out var number) ? number : 0;
        var joined = choices.At(index);
        foreach (var property in choice.EnumerateObject())
        {
            switch (property.Name)
            {
                case "delta":
                    joined.Add("message", property.Value);
                    break;
                case "text" or "logprobs":
                    joined.Add(property.Name, property.Value);
                    break;
                default:
                    // content_filter_results and all else that a server adds comes whole.
                    joined.Set(property.Name, property.Value);
                    break;
            }
        }
    }
}
