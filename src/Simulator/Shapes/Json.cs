using System.Buffers;
using System.Globalization;
using System.Text;

namespace OpenAIProxy.Simulator.Shapes;

/// <summary>Pieces of JSON text. Shapes are written as text, so that they read like OpenAI's.</summary>
internal static class Json
{
    private static readonly SearchValues<char> Escaped =
        SearchValues.Create(string.Concat(Enumerable.Range(0, ' ').Select(i => (char)i)) + "\"\\");

    /// <summary>A JSON string. Unlike those of System.Text.Json it leaves characters of four bytes as they are, as OpenAI does.</summary>
    public static string Quote(string? text)
    {
        if (text is null)
        {
            return "null";
        }

        if (!text.AsSpan().ContainsAny(Escaped))
        {
            return $"\"{text}\"";
        }

        var quoted = new StringBuilder("\"", text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                < ' ' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    public static string Number(decimal number) => number.ToString("0.0#########", CultureInfo.InvariantCulture);

    public static string List(IEnumerable<string> items) => $"[{string.Join(',', items)}]";

    public static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);
}
