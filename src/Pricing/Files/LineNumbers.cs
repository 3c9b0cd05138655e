using System.Text.Json;

namespace OpenAIProxy.Pricing.Files;

/// <summary>Where in a JSON text its values are, for messages: <c>prices[2].tokens.default</c> is in line 17.</summary>
internal sealed class LineNumbers
{
    private readonly Dictionary<string, int> _lines = [];
    private readonly List<string> _repeated = [];

    /// <summary>Paths of properties that their object has had before.</summary>
    public IReadOnlyList<string> Repeated => _repeated;

    /// <summary>The line of the value at <paramref name="path"/>, from 1.</summary>
    public int Of(string path) => _lines.GetValueOrDefault(path, 1);

    /// <summary>Reads through <paramref name="json"/>.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static LineNumbers Read(ReadOnlySpan<byte> json)
    {
        var lines = new LineNumbers();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        // The containers around the reader: their path, and the index of the next value where they are arrays.
        var around = new Stack<(string Path, int Index)>();
        var name = "";
        var line = 1;
        var counted = 0;
        while (reader.Read())
        {
            var start = (int)reader.TokenStartIndex;
            line += json[counted..start].Count((byte)'\n');
            counted = start;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = Below(around.Peek().Path, reader.GetString()!);
                    if (!lines._lines.TryAdd(name, line))
                    {
                        lines._repeated.Add(name);
                        lines._lines[name] = line;
                    }

                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    around.Pop();
                    continue;
                default:
                    break;
            }

            if (around.TryPeek(out var parent) && parent.Index >= 0)
            {
                name = $"{parent.Path}[{parent.Index}]";
                around.Pop();
                around.Push((parent.Path, parent.Index + 1));
                lines._lines[name] = line;
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                around.Push((name, reader.TokenType == JsonTokenType.StartArray ? 0 : -1));
            }
        }

        return lines;
    }

    /// <summary>The path of a property.</summary>
    public static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
