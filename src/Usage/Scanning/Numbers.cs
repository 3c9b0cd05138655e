using System.Globalization;

namespace OpenAIProxy.Usage.Scanning;

/// <summary>Numbers of an answer. What is no sensible number is none.</summary>
internal static class Numbers
{
    /// <summary>More tokens than this no single call has used, and the sum of a segment's calls stays within what the ledger takes.</summary>
    private const long Most = 1_000_000_000;

    /// <summary>A count; -1 if it is none: negative, absurd, not whole.</summary>
    public static long Count(ReadOnlySpan<byte> text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return count <= Most ? count : -1;
        }

        // Some servers write 20.0.
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number is >= 0 and <= Most && number == Math.Floor(number)
            ? (long)number
            : -1;
    }

    /// <summary>Seconds as thousandths; -1 if they are none.</summary>
    public static long Milliseconds(ReadOnlySpan<byte> seconds)
        => double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= Most / 1000
            ? (long)Math.Round(number * 1000)
            : -1;
}
