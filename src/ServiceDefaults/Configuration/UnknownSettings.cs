using Microsoft.Extensions.Configuration;

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>Finds names under the service's own sections that are no settings: a typo must stop the start, not be ignored.</summary>
internal static class UnknownSettings
{
    public static IEnumerable<string> Find(IConfiguration configuration, Dictionary<string, Setting> known)
    {
        var sections = known.Values.Where(s => !s.IsOfAnotherService).Select(s => s.Section).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        foreach (var other in configuration.GetChildren().Where(c => c.GetChildren().Any()))
        {
            // Acess:AllowCallerKeys; any other section may be somebody else's.
            if (sections.FirstOrDefault(s => Distance(s.ToUpperInvariant(), other.Key.ToUpperInvariant()) is 1 or 2) is { } meant)
            {
                yield return $"{other.Key} is not a section of settings. Did you mean {meant}?";
            }
        }

        foreach (var section in sections)
        {
            foreach (var (key, value) in configuration.GetSection(section).AsEnumerable())
            {
                // A section shows up as a key without a value.
                if (value is not null && !string.Equals(key, section, StringComparison.OrdinalIgnoreCase) && !IsKnown(key, known))
                {
                    yield return $"{key} is not a setting. {Suggest(key, known)}";
                }
            }
        }
    }

    private static bool IsKnown(string key, Dictionary<string, Setting> known)
    {
        if (known.ContainsKey(key))
        {
            return true;
        }

        // An array's items: Access:Keys:0, Access:Keys:1, …
        var lastColon = key.LastIndexOf(':');
        return int.TryParse(key.AsSpan(lastColon + 1), out _) && known.TryGetValue(key[..lastColon], out var list) && list.IsList;
    }

    private static string Suggest(string key, Dictionary<string, Setting> known)
    {
        var nearest = known.Keys.MinBy(name => Distance(name.ToUpperInvariant(), key.ToUpperInvariant()))!;
        if (Distance(nearest.ToUpperInvariant(), key.ToUpperInvariant()) <= 3)
        {
            return $"Did you mean {nearest}?";
        }

        var section = key[..key.IndexOf(':', StringComparison.Ordinal)];
        return $"Settings there: {string.Join(", ", known.Values.Where(s => s.Section.Equals(section, StringComparison.OrdinalIgnoreCase)).Select(s => s.Name))}.";
    }

    /// <summary>Levenshtein's distance: how many letters must be put in, taken out or changed.</summary>
    private static int Distance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(change, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[b.Length];
    }
}
