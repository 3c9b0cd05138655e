using Microsoft.Extensions.Configuration;

namespace OpenAIProxy.ServiceDefaults.Configuration.Reload;

/// <summary>What a configuration says, as texts: to see what has changed. They hold secrets, and are shown to nobody.</summary>
internal static class SettingTexts
{
    private const string Logging = "Logging:";
    private const string Levels = ":LogLevel:";

    /// <summary>The settings by their names, whatever other name they were given by, and what .NET itself reads.</summary>
    public static Dictionary<string, string> Of(IConfiguration configuration, IReadOnlyList<Setting> known)
    {
        var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var reader = new SettingsReader(configuration, known);
        foreach (var setting in known)
        {
            if (reader.TextOf(setting) is { } text)
            {
                texts[setting.Name] = text;
            }
        }

        foreach (var (name, text) in configuration.AsEnumerable().Where(entry => entry.Value is not null && CommandLine.IsCommon(entry.Key)))
        {
            texts[name] = text!;
        }

        return texts;
    }

    /// <summary>The names whose texts differ.</summary>
    public static IEnumerable<string> Changed(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after)
        => before.Keys.Union(after.Keys, StringComparer.OrdinalIgnoreCase)
            .Where(name => before.GetValueOrDefault(name) != after.GetValueOrDefault(name)).Order(StringComparer.Ordinal);

    /// <summary>True for <c>Logging:LogLevel:…</c> and <c>Logging:Console:LogLevel:…</c>.</summary>
    public static bool IsLogLevel(string name)
        => name.StartsWith(Logging, StringComparison.OrdinalIgnoreCase)
            && name.AsSpan(Logging.Length - 1).Contains(Levels, StringComparison.OrdinalIgnoreCase);
}
