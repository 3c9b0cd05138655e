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
            if (sections.FirstOrDefault(s => EditDistance.Of(s, other.Key, 2) is 1 or 2) is { } meant)
            {
                yield return $"{other.Key} is not a section of settings. Did you mean {meant}?";
            }
        }

        foreach (var error in NearMisses.Find(configuration, known).Concat(UnreadFiles.Find(configuration, sections)))
        {
            yield return error;
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
        return known.Values.OfType<ListSetting>().Any(s => s.HasField(key))
            || (int.TryParse(key.AsSpan(lastColon + 1), out _) && known.TryGetValue(key[..lastColon], out var list) && list.IsList);
    }

    private static string Suggest(string key, Dictionary<string, Setting> known)
    {
        if (known.Values.OfType<ListSetting>().FirstOrDefault(s => s.Fields.Count > 0 && key.StartsWith(s.Name + ":", StringComparison.OrdinalIgnoreCase))
            is { } list)
        {
            return SuggestField(key[(key.IndexOf(':', list.Name.Length + 1) + 1)..], list);
        }

        var nearest = known.Keys.MinBy(name => EditDistance.Of(name, key))!;
        if (EditDistance.Of(nearest, key) <= 3)
        {
            return $"Did you mean {nearest}?";
        }

        var section = key[..key.IndexOf(':', StringComparison.Ordinal)];
        return $"Settings there: {string.Join(", ", known.Values.Where(s => s.Section.Equals(section, StringComparison.OrdinalIgnoreCase)).Select(s => s.Name))}.";
    }

    private static string SuggestField(string field, ListSetting list)
    {
        string[] fields = [.. list.Fields.Select(f => f.TrimEnd('[', ']'))];
        var nearest = fields.MinBy(name => EditDistance.Of(name, field))!;
        return EditDistance.Of(nearest, field) <= 2 ? $"Did you mean {nearest}?" : $"Fields of an item of {list.Name}: {string.Join(", ", fields)}.";
    }
}
