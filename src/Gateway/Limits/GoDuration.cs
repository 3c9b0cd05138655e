using System.Globalization;

namespace OpenAIProxy.Gateway.Limits;

/// <summary>Times as OpenAI writes them in headers and messages, in the form of Go: <c>6m0s</c>, <c>1.2s</c>, <c>120ms</c>.</summary>
internal static class GoDuration
{
    private const long Second = 1_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;

    /// <summary>Milliseconds, rounded up to tenths of a second from a second on.</summary>
    public static string Format(long milliseconds)
    {
        if (milliseconds < Second)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, milliseconds)}ms");
        }

        var tenths = (milliseconds + 99) / 100 * 100;
        if (tenths < Minute)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{tenths / 1_000m:0.#}s");
        }

        var seconds = (milliseconds + Second - 1) / Second * Second;
        var minutes = seconds % Hour / Minute;
        var rest = seconds % Minute / Second;
        return seconds < Hour
            ? string.Create(CultureInfo.InvariantCulture, $"{minutes}m{rest}s")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / Hour}h{minutes}m{rest}s");
    }
}
