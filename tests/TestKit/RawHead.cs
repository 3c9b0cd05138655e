using System.Globalization;
using System.Text;

namespace OpenAIProxy.TestKit;

/// <summary>The start line and headers of an HTTP/1.1 message, as the bytes that came.</summary>
public sealed class RawHead
{
    /// <summary>Splits a head; <paramref name="bytes"/> ends with the empty line.</summary>
    public RawHead(byte[] bytes)
    {
        Bytes = bytes;
        Text = Encoding.Latin1.GetString(bytes);
        var lines = Text.Split("\r\n");
        StartLine = lines[0];
        Headers = [.. lines.Skip(1).Where(l => l.Length > 0).Select(Split)];
    }

    /// <summary>The exact bytes, with the empty line at the end.</summary>
    public IReadOnlyList<byte> Bytes { get; }

    /// <summary>The same as Latin-1 text, one character a byte.</summary>
    public string Text { get; }

    /// <summary>The request line or status line.</summary>
    public string StartLine { get; }

    /// <summary>The header lines in order; values without the space around them, as Latin-1 text.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; }

    /// <summary>A response's status.</summary>
    public int Status => int.Parse(StartLine.Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>A request's method.</summary>
    public string Method => StartLine[..StartLine.IndexOf(' ', StringComparison.Ordinal)];

    /// <summary>A request's target.</summary>
    public string Target => StartLine[(StartLine.IndexOf(' ', StringComparison.Ordinal) + 1)..StartLine.LastIndexOf(' ')];

    /// <summary>All lines of that name.</summary>
    public IReadOnlyList<string> All(string name) => [.. Headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value)];

    /// <summary>The header's value, several lines joined with a comma; null if there is none.</summary>
    public string? this[string name] => All(name) is { Count: > 0 } values ? string.Join(", ", values) : null;

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static (string, string) Split(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return (line[..colon], line[(colon + 1)..].Trim());
    }
}
