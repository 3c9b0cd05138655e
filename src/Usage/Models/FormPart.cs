using System.Text;

namespace OpenAIProxy.Usage.Models;

/// <summary>What the head of a form's part says.</summary>
/// <param name="IsModel">True for the part that names the model to run.</param>
/// <param name="NamesModel">True for that one, and for one that names a model to fall back on.</param>
internal readonly record struct FormPart(bool IsModel, bool NamesModel)
{
    private const string Disposition = "form-data";

    /// <summary>Reads the head of a part, lines that end with CR LF. False if not every server would read it in the same way.</summary>
    public static bool TryRead(ReadOnlySpan<byte> head, out FormPart part)
    {
        part = default;
        var text = Encoding.Latin1.GetString(head);
        var name = "";
        var isFile = false;
        var isPlain = true;
        var dispositions = 0;
        foreach (var line in text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            // Neither folded lines, nor control characters, nor a space before the colon.
            if (colon <= 0 || line.AsSpan().ContainsAnyInRange('\0', '\x1f') || line.AsSpan(0, colon).Contains(' '))
            {
                return false;
            }

            var value = line.AsSpan(colon + 1).Trim();
            switch (line[..colon].ToUpperInvariant())
            {
                case "CONTENT-DISPOSITION":
                    dispositions++;
                    if (!TryReadDisposition(value, out name, out isFile))
                    {
                        return false;
                    }

                    break;
                case "CONTENT-TYPE":
                    isPlain &= IsPlainText(value);
                    break;
                case "CONTENT-TRANSFER-ENCODING":
                    isPlain &= value is "binary" or "8bit" or "7bit";
                    break;
            }
        }

        if (dispositions != 1)
        {
            return false;
        }

        // models[], fallbacks[0]
        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        var field = (bracket < 0 ? name : name[..bracket]).Trim();
        var isModel = field.Equals("model", StringComparison.OrdinalIgnoreCase);
        var isFallback = field.Equals("models", StringComparison.OrdinalIgnoreCase) || field.StartsWith("fallback", StringComparison.OrdinalIgnoreCase);
        part = new FormPart(isModel, isModel || isFallback);
        return !part.NamesModel || (isPlain && !isFile);
    }

    // form-data; name="file"; filename="a.mp3"
    private static bool TryReadDisposition(ReadOnlySpan<char> value, out string name, out bool isFile)
    {
        name = "";
        isFile = false;
        var hasName = false;
        if (!value.StartsWith(Disposition, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        value = value[Disposition.Length..].TrimStart();
        while (!value.IsEmpty)
        {
            if (value[0] != ';' || !TryReadParameter(value[1..].TrimStart(), out var parameter, out var text, out value))
            {
                return false;
            }

            if (parameter.Equals("name", StringComparison.OrdinalIgnoreCase))
            {
                if (hasName || text.Contains('\\'))
                {
                    return false;
                }

                hasName = true;
                name = text.ToString();
            }
            else if (parameter.StartsWith("filename", StringComparison.OrdinalIgnoreCase))
            {
                isFile = true;
            }
            else
            {
                // name*, name*0: one more name to some.
                return false;
            }
        }

        return hasName;
    }

    private static bool TryReadParameter(
        ReadOnlySpan<char> value, out ReadOnlySpan<char> name, out ReadOnlySpan<char> text, out ReadOnlySpan<char> rest)
    {
        text = default;
        rest = default;
        var equals = value.IndexOf('=');
        name = equals <= 0 ? default : value[..equals];
        if (name.IsEmpty || name.ContainsAny(" ;\""))
        {
            return false;
        }

        value = value[(equals + 1)..];
        var isQuoted = value is ['"', ..];
        value = isQuoted ? value[1..] : value;
        var end = isQuoted ? value.IndexOf('"') : value.IndexOfAny(" ;\"");
        if (isQuoted && (end < 0 || value[..end] is [.., '\\']))
        {
            // Whether the quotation mark behind a backslash ends the text, parsers don't agree.
            return false;
        }

        text = end < 0 ? value : value[..end];
        rest = end < 0 ? default : value[(isQuoted ? end + 1 : end)..].TrimStart();
        return true;
    }

    private static bool IsPlainText(ReadOnlySpan<char> type)
        => type.Equals("text/plain", StringComparison.OrdinalIgnoreCase)
            || type.Equals("text/plain; charset=utf-8", StringComparison.OrdinalIgnoreCase)
            || type.Equals("text/plain;charset=utf-8", StringComparison.OrdinalIgnoreCase);
}
