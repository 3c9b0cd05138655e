using System.Globalization;
using System.Text.Json.Nodes;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>
/// Evaluates one expression of a template, such as <c>format('{0}-gateway', parameters('name'))</c>: calls, texts, numbers, and
/// <c>.name</c> or <c>[index]</c> behind them.
/// </summary>
internal sealed class ArmExpression(ArmTemplate template, string text)
{
    private int _at;

    /// <summary>The value of the whole text.</summary>
    public JsonNode? Value()
    {
        var value = Next();
        return _at == text.Length ? value : throw new FormatException($"Not understood from {_at} on: {text}");
    }

    private JsonNode? Next()
    {
        Spaces();
        if (text[_at] == '\'')
        {
            return JsonValue.Create(Text());
        }

        if (char.IsAsciiDigit(text[_at]) || text[_at] == '-')
        {
            return JsonValue.Create(int.Parse(While(c => char.IsAsciiDigit(c) || c == '-'), CultureInfo.InvariantCulture));
        }

        var name = While(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.');
        Take('(');
        var arguments = Arguments();
        var value = ArmFunctions.Call(template, name, arguments);
        return Behind(value, arguments is [JsonValue first, ..] ? first.ToString() : name);
    }

    private List<JsonNode?> Arguments()
    {
        var arguments = new List<JsonNode?>();
        for (Spaces(); text[_at] != ')'; Spaces())
        {
            arguments.Add(Next());
            Spaces();
            if (text[_at] == ',')
            {
                _at++;
            }
        }

        _at++;
        return arguments;
    }

    // What is not in the value is Azure's to know: its last name, and of what.
    private JsonNode? Behind(JsonNode? value, string of)
    {
        while (_at < text.Length && text[_at] is '.' or '[')
        {
            JsonNode? found;
            string name;
            if (text[_at++] == '.')
            {
                name = While(c => char.IsAsciiLetterOrDigit(c) || c == '_');
                found = (value as JsonObject)?[name];
            }
            else
            {
                var index = Next()!;
                Take(']');
                name = index.ToString();
                found = value is JsonArray array ? array[index.GetValue<int>()] : (value as JsonObject)?[name];
            }

            value = found ?? ArmFunctions.Unknown(name, of);
        }

        return value?.Parent is null ? value : value.DeepClone();
    }

    private string Text()
    {
        var start = ++_at;
        // A quote within a text is written twice.
        while (text[_at] != '\'' || (_at + 1 < text.Length && text[_at + 1] == '\''))
        {
            _at += text[_at] == '\'' ? 2 : 1;
        }

        return text[start.._at++].Replace("''", "'", StringComparison.Ordinal);
    }

    private string While(Func<char, bool> belongs)
    {
        var start = _at;
        while (_at < text.Length && belongs(text[_at]))
        {
            _at++;
        }

        return text[start.._at];
    }

    private void Spaces() => While(char.IsWhiteSpace);

    private void Take(char expected)
    {
        if (text[_at++] != expected)
        {
            throw new FormatException($"No {expected} at {_at - 1}: {text}");
        }
    }
}
