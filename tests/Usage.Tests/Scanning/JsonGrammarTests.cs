using System.Text;
using System.Text.Json;
using OpenAIProxy.Usage.Requests;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Tests.Scanning;

/// <summary>What the scanner takes for JSON is what <see cref="Utf8JsonReader"/> takes for it, however it is cut.</summary>
public sealed class JsonGrammarTests
{
    private const int Documents = 20_000;

    private static readonly string[] Parts =
    [
        "{", "}", "[", "]", ":", ",", " ", "\n", "\t", "\"a\"", "\"\"", "\"\\n\"", "\"\\u00e9\"", "\"\\x\"", "\"\\u12g4\"", "\"\u0001\"", "\"", "\\",
        "0", "-1", "01", "1.5", "1.", ".5", "-", "1e3", "1e", "2E-7", "+1", "true", "false", "null", "nul", "truee", "/", "'",
    ];

    [Fact]
    public void Documents_OfAnyParts_AreJsonIfTheReaderSaysSo()
    {
        var random = new Random(20261129);
        var valid = 0;
        for (var i = 0; i < Documents; i++)
        {
            var text = i % 2 == 0 ? Nonsense(random) : Value(random, 4);
            if (i % 4 == 3)
            {
                // Nearly JSON.
                text = text.Remove(random.Next(text.Length), 1);
            }

            var bytes = Encoding.UTF8.GetBytes(text);
            var expected = IsJson(bytes);
            valid += expected ? 1 : 0;
            Assert.True(expected == Scans([bytes]), $"whole: {text}");
            Assert.True(expected == Scans([.. bytes.Select(b => new[] { b })]), $"byte by byte: {text}");
            var at = random.Next(bytes.Length + 1);
            Assert.True(expected == Scans([bytes[..at], bytes[at..]]), $"cut at {at}: {text}");
        }

        Assert.InRange(valid, Documents / 5, Documents);
    }

    private static string Nonsense(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Parts[random.Next(Parts.Length)]));

    private static string Value(Random random, int depth) => random.Next(depth == 0 ? 3 : 5) switch
    {
        0 => Parts[random.Next(Array.IndexOf(Parts, "0"), Parts.Length)] is var part && IsJson(Encoding.UTF8.GetBytes(part)) ? part : "7",
        1 => "\"x\\\"y\"",
        2 => "null",
        3 => "{" + string.Join(" , ", Enumerable.Range(0, random.Next(4)).Select(_ => $"\"k{random.Next(3)}\":{Value(random, depth - 1)}")) + "}",
        _ => "[" + string.Join(",", Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1))) + " ]",
    };

    private static bool Scans(byte[][] pieces)
    {
        var scanner = new JsonScanner(RequestShape.Request, new Deaf(), checks: true);
        foreach (var piece in pieces)
        {
            scanner.Scan(piece);
        }

        // A number at the end of the text is over only by what comes behind it.
        scanner.Scan(" "u8);
        return scanner is { IsDone: true, IsValid: true };
    }

    private static bool IsJson(byte[] text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 512 });
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private sealed class Deaf : IJsonSink
    {
        public void OnOpen(JsonField field)
        {
        }

        public void OnClose(JsonField field)
        {
        }

        public void OnNull(JsonField field)
        {
        }

        public void OnValue(JsonField field, ReadOnlySpan<byte> value, bool isString)
        {
        }

        public void OnText(int bytes)
        {
        }

        public void OnDocument()
        {
        }
    }
}
