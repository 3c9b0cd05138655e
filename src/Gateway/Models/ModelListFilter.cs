using System.Buffers;
using System.Text.Json;
using OpenAIProxy.Gateway.Access;

namespace OpenAIProxy.Gateway.Models;

/// <summary>
/// Takes the models that a key may not use out of a server's list. What stays is as it was, byte for byte; an item whose name can't be read goes.
/// <code>
/// {"object":"list","data":[{"id":"gpt-4o","object":"model"}]}     OpenAI, and most others
/// {"models":[{"name":"models/gemini-2.5-pro"}]}                   Google; with slug, Codex
/// [{"id":"meta-llama/Llama-3"}]                                   Together
/// </code>
/// </summary>
internal static class ModelListFilter
{
    private const string NamePrefix = "models/";

    /// <summary>What is shown of an answer that is no such list.</summary>
    private static readonly byte[] Nothing = """{"object":"list","data":[]}"""u8.ToArray();

    /// <summary>The list without them.</summary>
    public static byte[] Filter(byte[] list, ModelList models)
    {
        try
        {
            var reader = new Utf8JsonReader(list);
            var kept = new ArrayBufferWriter<byte>(list.Length);
            var copied = 0;
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                copied = FilterArray(ref reader, list, models, kept, copied);
            }
            else if (reader.TokenType == JsonTokenType.StartObject)
            {
                copied = FilterObject(ref reader, list, models, kept, copied);
            }

            // Throws at what isn't JSON to its end.
            while (reader.Read())
            {
            }

            kept.Write(list.AsSpan(copied));
            return copied == 0 ? Nothing : kept.WrittenSpan.ToArray();
        }
        catch (JsonException)
        {
            return Nothing;
        }
    }

    private static int FilterObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> list, ModelList models, ArrayBufferWriter<byte> kept, int copied)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isList = reader.ValueTextEquals("data"u8) || reader.ValueTextEquals("models"u8);
            reader.Read();
            if (isList && reader.TokenType == JsonTokenType.StartArray)
            {
                copied = FilterArray(ref reader, list, models, kept, copied);
            }
            else
            {
                reader.Skip();
            }
        }

        return copied;
    }

    // Copies up to the array's end, with the items that stay and a comma between each two. Returns how far.
    private static int FilterArray(ref Utf8JsonReader reader, ReadOnlySpan<byte> list, ModelList models, ArrayBufferWriter<byte> kept, int copied)
    {
        var end = (int)reader.BytesConsumed;
        kept.Write(list[copied..end]);
        var isFirst = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            var name = NameOf(ref reader);
            var itemEnd = (int)reader.BytesConsumed;
            if (IsAllowed(name, models))
            {
                // With what stands between the items, such as line ends.
                var between = list[end..start];
                kept.Write(isFirst ? between[(between.IndexOf((byte)',') + 1)..] : between);
                kept.Write(list[start..itemEnd]);
                isFirst = false;
            }

            end = itemEnd;
        }

        return end;
    }

    private static string NameOf(ref Utf8JsonReader item)
    {
        if (item.TokenType == JsonTokenType.String)
        {
            return item.GetString()!;
        }

        if (item.TokenType != JsonTokenType.StartObject)
        {
            item.Skip();
            return "";
        }

        var name = "";
        var hasId = false;
        while (item.Read() && item.TokenType == JsonTokenType.PropertyName)
        {
            var isId = item.ValueTextEquals("id"u8);
            var isName = isId || (!hasId && (item.ValueTextEquals("slug"u8) || item.ValueTextEquals("name"u8) || item.ValueTextEquals("model"u8)));
            item.Read();
            if (isName && item.TokenType == JsonTokenType.String)
            {
                name = item.GetString()!;
                hasId |= isId;
            }
            else
            {
                item.Skip();
            }
        }

        return name;
    }

    private static bool IsAllowed(string name, ModelList models)
        => models.Allows(name) || (name.StartsWith(NamePrefix, StringComparison.Ordinal) && models.Allows(name[NamePrefix.Length..]));
}
