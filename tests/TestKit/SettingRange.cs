using System.Globalization;
using System.Text.RegularExpressions;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.TestKit;

/// <summary>What people are told of a setting's default and range, as values to try.</summary>
public static partial class SettingRange
{
    /// <summary>The default where it is a value, the ends of the range, and what lies just beyond them.</summary>
    /// <param name="setting">The setting, with a text such as <c>a time from 2s to 1h, such as 30s</c>.</param>
    public static IEnumerable<(string Value, bool IsAllowed)> Of(Setting setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        if (setting.Default != "-" && !setting.Default.Contains(' ', StringComparison.Ordinal))
        {
            yield return (setting.Default, true);
        }

        if (Range().Match(setting.Allowed) is not { Success: true } range)
        {
            yield break;
        }

        var (min, max) = (range.Groups["min"].Value, range.Groups["max"].Value);
        yield return (min, true);
        yield return (max, true);
        yield return (Beyond(max, 1), false);
        if (!min.StartsWith('0'))
        {
            yield return (Beyond(min, -1), false);
        }
    }

    // By the smallest step that the unit allows.
    private static string Beyond(string value, int step)
    {
        var unit = value.TrimStart("0123456789".ToCharArray());
        var number = long.Parse(value[..^unit.Length], CultureInfo.InvariantCulture);
        long? milliseconds = unit switch { "ms" => 1, "s" => 1000, "m" => 60_000, "h" => 3_600_000, "d" => 86_400_000, _ => null };
        return milliseconds is { } size
            ? string.Create(CultureInfo.InvariantCulture, $"{(number * size) + step}ms")
            : string.Create(CultureInfo.InvariantCulture, $"{number + step}{unit}");
    }

    [GeneratedRegex("^a (time|size|whole number) from (?<min>[0-9A-Za-z]+) to (?<max>[0-9A-Za-z]+)")]
    private static partial Regex Range();
}
