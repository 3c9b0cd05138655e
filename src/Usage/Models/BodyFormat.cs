namespace OpenAIProxy.Usage.Models;

/// <summary>In which format a request says that its body is.</summary>
internal static class BodyFormat
{
    private const string Form = "multipart/form-data";

    /// <summary>
    /// True for JSON in UTF-8, and for a body that has no type, which is taken for that. A form in the manner of a URL is none, though JSON may
    /// be in it: <c>curl -d</c> says so of all bodies.
    /// </summary>
    public static bool IsJson(string? contentType)
    {
        if (string.IsNullOrWhiteSpace(contentType))
        {
            return true;
        }

        var parts = contentType.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var isJson = parts[0].Equals("application/json", StringComparison.OrdinalIgnoreCase);
        // application/json; charset=utf-7 is another text to servers that believe it.
        return isJson && parts.Skip(1).All(p => !p.StartsWith("charset", StringComparison.OrdinalIgnoreCase)
            || p.Replace("\"", "", StringComparison.Ordinal).Equals("charset=utf-8", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The boundary of a form; null if it is none, or if there may be another boundary to other servers.</summary>
    public static string? BoundaryOf(string? contentType)
    {
        var parts = (contentType ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 2 || !parts[0].Equals(Form, StringComparison.OrdinalIgnoreCase)
            || !parts[1].StartsWith("boundary=", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var text = parts[1]["boundary=".Length..];
        text = text is ['"', .. var quoted, '"'] ? quoted : text;
        // RFC 2046, 5.1.1, but for the space.
        var isBoundary = text.Length is > 0 and <= 70 && text.All(c => char.IsAsciiLetterOrDigit(c) || "'()+_,-./:=? ".Contains(c, StringComparison.Ordinal));
        return isBoundary ? text : null;
    }
}
