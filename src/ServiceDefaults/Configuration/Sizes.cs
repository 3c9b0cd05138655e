using System.Globalization;

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>Amounts of memory as people write them: <c>512KB</c>, <c>64MB</c>, <c>1GB</c>. A KB has 1,024 bytes.</summary>
public static class Sizes
{
    /// <summary>Parses one of these forms. False if it is none of them, or negative.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        bytes = 0;
        var unitAt = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var shift = (unitAt < 0 ? "" : text[unitAt..].Trim().ToUpperInvariant()) switch
        {
            "KB" => 10,
            "MB" => 20,
            "GB" => 30,
            _ => -1,
        };
        if (shift < 0 || !long.TryParse(text.AsSpan(0, unitAt), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count > long.MaxValue >> shift)
        {
            return false;
        }

        bytes = count << shift;
        return true;
    }

    internal static long Parse(string text) => TryParse(text, out var bytes) ? bytes : throw new FormatException($"'{text}' is no amount of memory.");
}
