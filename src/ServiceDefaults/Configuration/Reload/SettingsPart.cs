using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace OpenAIProxy.ServiceDefaults.Configuration.Reload;

/// <summary>The settings of one service, which can be read once more while it runs.</summary>
internal sealed class SettingsPart
{
    private readonly IReadOnlyList<Setting> _known;
    private readonly Func<SettingsRead> _read;
    private readonly LogLevels _levels;
    private readonly Dictionary<string, string> _started;
    private Dictionary<string, string> _current;

    /// <param name="known">Every setting of the service.</param>
    /// <param name="started">What it is started with.</param>
    /// <param name="levels">Where changed log levels go.</param>
    /// <param name="read">Reads and checks everything once more.</param>
    /// <exception cref="SettingsException">A log level is none.</exception>
    public SettingsPart(IReadOnlyList<Setting> known, ConfigurationManager started, LogLevels levels, Func<SettingsRead> read)
    {
        _known = known;
        _read = read;
        _levels = levels;
        _started = _current = SettingTexts.Of(started, known);
        CheckLevels(_started);
        Files = FilesOf(started);
        Started = Files.ToDictionary(file => file, WatchedFiles.Fingerprint);
    }

    /// <summary>The files that hold settings, those that are not there included.</summary>
    public IReadOnlyList<string> Files { get; private set; }

    /// <summary>The fingerprints of <see cref="Files"/> when the service had read them.</summary>
    public IReadOnlyDictionary<string, string> Started { get; }

    /// <summary>Reads and checks everything; nothing is in force yet.</summary>
    /// <exception cref="SettingsException">The settings can't be used.</exception>
    public PreparedReload Prepare()
    {
        var read = _read();
        using var configuration = read.Configuration;
        var texts = SettingTexts.Of(configuration, _known);
        CheckLevels(texts);
        var files = FilesOf(configuration);
        string[] changed = [.. SettingTexts.Changed(_current, texts).Where(MayChange)];
        return new PreparedReload(changed, [.. SettingTexts.Changed(_started, texts).Where(name => !MayChange(name))], () =>
        {
            if (changed.Any(name => !SettingTexts.IsLogLevel(name)))
            {
                read.Apply();
            }

            KeyValuePair<string, string>[] levels =
            [
                .. changed.Where(SettingTexts.IsLogLevel)
                    .Select(name => KeyValuePair.Create(name, texts.GetValueOrDefault(name) ?? LoggingDefaults.Settings.GetValueOrDefault(name) ?? "")),
            ];
            if (levels.Length > 0)
            {
                _levels.Set(levels);
            }

            _current = texts;
            Files = files;
        });
    }

    // .NET throws at one that is none, when it is too late to say no.
    private static void CheckLevels(Dictionary<string, string> texts)
    {
        string[] errors =
        [
            .. texts.Where(text => SettingTexts.IsLogLevel(text.Key) && text.Value.Length > 0 && !Enum.TryParse<LogLevel>(text.Value, ignoreCase: true, out _))
                .Select(text => $"{text.Key} is '{text.Value}'; allowed: {string.Join(", ", Enum.GetNames<LogLevel>())}."),
        ];
        if (errors.Length > 0)
        {
            throw new SettingsException(errors);
        }
    }

    private bool MayChange(string name)
        => SettingTexts.IsLogLevel(name) || _known.Any(setting => setting.Reloads && setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string[] FilesOf(ConfigurationManager configuration)
        => [.. ((IConfigurationBuilder)configuration).Sources.OfType<JsonConfigurationSource>().Select(PathOf).OfType<string>().Distinct()];

    private static string? PathOf(JsonConfigurationSource source)
        => source is { FileProvider: PhysicalFileProvider folder, Path: { } path } ? Path.Combine(folder.Root, path) : null;
}
