using System.Buffers;
using System.Globalization;
using System.Text;

namespace OpenAIProxy.ServiceDefaults.Logs;

/// <summary>Shows in a log what others have written: on one line, and without what moves a terminal's cursor or turns its text around.</summary>
public static class Shown
{
    // C0, DEL and C1 controls; Unicode's line and paragraph separators; marks that change the direction of text.
    private static readonly SearchValues<char> Unsafe = SearchValues.Create(
        [.. Range(0x00, 0x1F), .. Range(0x7F, 0x9F), '\u2028', '\u2029', '\u061C', '\u200E', '\u200F', .. Range(0x202A, 0x202E), .. Range(0x2066, 0x2069)]);

    /// <summary>The text, each such character as <c>\u000A</c>.</summary>
    public static string Text(string? text) => text is null || !text.AsSpan().ContainsAny(Unsafe) ? text ?? "" : Escape(text, keepsTrace: false);

    /// <summary>The same for a whole message, in which the lines of a stack trace stay lines.</summary>
    internal static string Message(string text) => text.AsSpan().ContainsAny(Unsafe) ? Escape(text, keepsTrace: true) : text;

    private static string Escape(string text, bool keepsTrace)
    {
        var shown = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var isUnsafe = Unsafe.Contains(text[i]) && !(keepsTrace && IsTrace(text.AsSpan(i).TrimStart("\r\n")));
            _ = isUnsafe ? shown.Append("\\u").Append(((int)text[i]).ToString("X4", CultureInfo.InvariantCulture)) : shown.Append(text[i]);
        }

        return shown.ToString();
    }

    private static bool IsTrace(ReadOnlySpan<char> line)
        => line.StartsWith("   at ", StringComparison.Ordinal) || line.StartsWith("--- End of ", StringComparison.Ordinal);

    private static IEnumerable<char> Range(int first, int last) => Enumerable.Range(first, last - first + 1).Select(c => (char)c);
}
