using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>
/// Reads settings strictly: an impossible value or an unknown name under one of the service's own sections is an error.
/// All errors are collected; <see cref="ThrowIfInvalid"/> reports them together.
/// </summary>
public sealed class SettingsReader
{
    private static readonly char[] ListSeparators = [' ', ',', '\t', '\r', '\n', ';'];

    private readonly IConfiguration _configuration;
    private readonly Dictionary<string, Setting> _known;
    private readonly List<string> _errors = [];

    /// <summary>Creates a reader for the settings in <paramref name="known"/>, and looks for names that are none of them.</summary>
    public SettingsReader(IConfiguration configuration, IEnumerable<Setting> known)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(known);
        _known = known.ToDictionary(s => s.Name, StringComparer.OrdinalIgnoreCase);
        _errors.AddRange(UnknownSettings.Find(configuration, _known));
        var translated = new OpenAIForward(configuration, _known, _errors).Translate();
        _configuration = translated.Count == 0
            ? configuration
            : new ConfigurationBuilder().AddConfiguration(configuration).AddInMemoryCollection(translated).Build();
    }

    /// <summary>Adds an error that only the caller can see, such as two settings that exclude each other.</summary>
    public void AddError(string message) => _errors.Add(message);

    /// <summary>Throws a <see cref="SettingsException"/> with all errors, if there are any.</summary>
    public void ThrowIfInvalid()
    {
        if (_errors.Count > 0)
        {
            throw new SettingsException(_errors);
        }
    }

    /// <summary>The value under the setting's name or one of its aliases; its default if it is not set, is empty, or is wrong, which is an error.</summary>
    public T? Get<T>(Setting<T> setting) => TryGet(setting, out var value) ? value : setting.Fallback();

    /// <summary>The same, but null in place of the default.</summary>
    public T? Find<T>(Setting<T> setting) where T : struct => TryGet(setting, out var value) ? value : null;

    /// <summary>All values of a list: an array in the configuration, or one text with spaces, commas or semicolons between.</summary>
    public IReadOnlyList<string> Get(ListSetting setting)
    {
        var items = TextsOf(_configuration.GetSection(setting.Name));
        return items.Length > 0 ? items : Split(Lookup(setting).Text ?? "");
    }

    /// <summary>The items of a list in which each has a name.</summary>
    public IReadOnlyList<(string Name, string Text)> Named(ListSetting setting)
        => [.. _configuration.GetSection(setting.Name).GetChildren().Select(c => (c.Key, Text: c.Value?.Trim() ?? "")).Where(c => c.Text.Length > 0)];

    /// <summary>All items of a list that are sections of their own.</summary>
    public IReadOnlyList<SettingsItem> Items(ListSetting setting)
        => [.. _configuration.GetSection(setting.Name).GetChildren().Where(c => c.GetChildren().Any()).Select(c => new SettingsItem(this, c))];

    internal static string[] TextsOf(IConfigurationSection section)
        => [.. section.GetChildren().Select(c => c.Value?.Trim()).OfType<string>().Where(v => v.Length > 0)];

    internal static string[] Split(string text) => text.Split(ListSeparators, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What is set, right or wrong, as one text; null if nothing is.</summary>
    internal string? TextOf(Setting setting)
    {
        if (setting is not ListSetting list)
        {
            return Lookup(setting).Text;
        }

        if (list.IsNamed)
        {
            var named = Named(list);
            return named.Count == 0 ? null : string.Join(' ', named.Select(item => $"{item.Name}={item.Text}"));
        }

        var items = Get(list).Concat(Items(list)
            .SelectMany(item => _configuration.GetSection(item.Path).AsEnumerable()).Where(field => field.Value is not null)
            .Select(field => $"{field.Key}={field.Value}")).ToArray();
        return items.Length == 0 ? null : string.Join(' ', items);
    }

    /// <summary>True if something is set, right or wrong.</summary>
    public bool IsSet(Setting setting) => TextOf(setting) is not null;

    /// <summary>
    /// Records that the value of a setting, or <paramref name="value"/> of it, is not what is allowed.
    /// Null is not shown, as secrets are not.
    /// </summary>
    public void Wrong(Setting setting, string? value = null)
    {
        var shown = setting.Secret || value is null ? "has a value that can't be used" : $"is '{value}'";
        _errors.Add($"{Lookup(setting).UsedName} {shown}; allowed: {setting.Allowed}.");
    }

    private bool TryGet<T>(Setting<T> setting, out T? value)
    {
        value = default;
        var text = Lookup(setting).Text;
        if (text is null || setting.TryParse(text, out value))
        {
            return text is not null;
        }

        Wrong(setting, text);
        return false;
    }

    private (string? Text, string UsedName) Lookup(Setting setting)
    {
        // One that is not known would be refused as unknown where it is set.
        Debug.Assert(_known.ContainsKey(setting.Name), $"{setting.Name} is not among the reader's settings.");
        foreach (var candidate in setting.Aliases.Prepend(setting.Name))
        {
            if (_configuration[candidate]?.Trim() is { Length: > 0 } text)
            {
                return (text, candidate);
            }
        }

        return (null, setting.Name);
    }
}
