using System.Buffers;
using System.Globalization;

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>Lengths of time: <c>250ms</c>, <c>10s</c>, <c>10m</c>, <c>2h</c>, <c>1d</c>, <c>00:10:00</c>, or a bare number of seconds.</summary>
public static class Durations
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>Parses one of these forms. False if it is none of them, negative, or too large to be a time.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = default;
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration) && duration >= TimeSpan.Zero;
        }

        var unitAt = text.AsSpan().IndexOfAnyExcept(NumberCharacters);
        var number = unitAt < 0 ? text : text[..unitAt];
        double? seconds = (unitAt < 0 ? "s" : text[unitAt..].Trim()) switch
        {
            "ms" => 0.001,
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86400,
            _ => null,
        };
        if (seconds is null || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || count * seconds.Value > TimeSpan.FromDays(3650).TotalSeconds)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(count * seconds.Value);
        return true;
    }

    internal static TimeSpan Parse(string text) => TryParse(text, out var duration) ? duration : throw new FormatException($"'{text}' is no length of time.");

    /// <summary>Writes a duration in the largest unit that shows it whole: <c>10m</c>, <c>90s</c>, <c>250ms</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        var ticks = duration.Ticks;
        var (size, unit) = ticks % TimeSpan.TicksPerDay == 0 ? (TimeSpan.TicksPerDay, "d")
            : ticks % TimeSpan.TicksPerHour == 0 ? (TimeSpan.TicksPerHour, "h")
            : ticks % TimeSpan.TicksPerMinute == 0 ? (TimeSpan.TicksPerMinute, "m")
            : ticks % TimeSpan.TicksPerSecond == 0 ? (TimeSpan.TicksPerSecond, "s")
            : (TimeSpan.TicksPerMillisecond, "ms");
        return string.Create(CultureInfo.InvariantCulture, $"{ticks / size}{unit}");
    }
}
