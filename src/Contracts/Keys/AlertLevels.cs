using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OpenAIProxy.Contracts.Keys;

/// <summary>At which parts of a budget it is told that so much is spent.</summary>
public static class AlertLevels
{
    /// <summary>How it is written, for messages.</summary>
    public const string Notation = "percents from 1 to 100, such as 50 80 100; or none";

    private const string None = "none";
    private const int Most = 100;

    private static readonly char[] Between = [' ', ',', ';'];

    /// <summary>Percents in the notation that <see cref="TryParse"/> reads.</summary>
    public static string Write(IReadOnlyCollection<int> percents)
    {
        ArgumentNullException.ThrowIfNull(percents);
        return percents.Count == 0 ? None : string.Join(' ', percents.Select(percent => percent.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Reads percents, which come sorted. False if that is not all that stands there.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IReadOnlyList<int>? percents)
    {
        ArgumentNullException.ThrowIfNull(text);
        var list = new SortedSet<int>();
        percents = null;
        if (!text.Trim().Equals(None, StringComparison.OrdinalIgnoreCase))
        {
            foreach (var part in text.Split(Between, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (!int.TryParse(part.TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) || percent is < 1 or > Most)
                {
                    return false;
                }

                list.Add(percent);
            }
        }

        percents = [.. list];
        return true;
    }
}
