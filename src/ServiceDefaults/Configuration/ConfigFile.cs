using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>
/// The file that <c>--config</c> names, in the form of <c>appsettings.json</c>: stronger than that, weaker than the environment and the command
/// line.
/// </summary>
public static class ConfigFile
{
    /// <summary>The option, without its dashes.</summary>
    public const string Option = "config";

    /// <summary>What stands in the file.</summary>
    /// <exception cref="SettingsException">It can't be read.</exception>
    public static IConfigurationRoot Load(string file)
    {
        var path = Path.GetFullPath(file);
        return ReadNamed(path, $"--{Option}", () => new ConfigurationBuilder().Add(Source(path)).Build());
    }

    /// <summary>Adds the file that <paramref name="args"/> name, if they name one.</summary>
    /// <exception cref="SettingsException">It can't be read.</exception>
    internal static void Add(ConfigurationManager configuration, string[] args)
    {
        if (new ConfigurationBuilder().AddCommandLine(args).Build()[Option] is not { Length: > 0 } file)
        {
            return;
        }

        var path = Path.GetFullPath(file);
        IList<IConfigurationSource> sources = configuration.Sources;
        // Behind appsettings.json, that of the environment and the developer's secrets, which the default builder adds in this order.
        var last = sources.Index().Last(source => source.Item is JsonConfigurationSource).Index;
        ReadNamed(path, $"--{Option}", () =>
        {
            sources.Insert(last + 1, Source(path));
            return configuration;
        });
    }

    /// <summary>Adds another JSON file, which a setting names.</summary>
    /// <param name="configuration">The service's.</param>
    /// <param name="source">Reads the file. Where that is, it is told here.</param>
    /// <param name="path">The file's full path.</param>
    /// <param name="setting">The setting's name.</param>
    /// <exception cref="SettingsException">It can't be read.</exception>
    public static void Add(ConfigurationManager configuration, JsonConfigurationSource source, string path, string setting)
    {
        ArgumentNullException.ThrowIfNull(source);
        ReadNamed(path, setting, () =>
        {
            ((IConfigurationBuilder)configuration).Add(Place(source, path));
            return configuration;
        });
    }

    // .NET's own way to a file finds none whose name begins with a dot.
    private static JsonConfigurationSource Place(JsonConfigurationSource source, string path)
    {
        source.FileProvider = new PhysicalFileProvider(Path.GetDirectoryName(path) ?? path, ExclusionFilters.None);
        source.Path = Path.GetFileName(path);
        return source;
    }

    private static JsonConfigurationSource Source(string path) => Place(new JsonConfigurationSource(), path);

    /// <summary>Reads files with settings, <c>appsettings.json</c> or that of <c>--config</c>.</summary>
    /// <exception cref="SettingsException">One can't be read.</exception>
    internal static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e) when (e.GetBaseException() is JsonException json)
        {
            // Failed to load configuration from file '/app/appsettings.json'. Without the parser's own words: they quote what stands there, maybe a key.
            throw new SettingsException([$"{e.Message} It is no JSON at line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}."]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // A duplicate key 'OpenAI:ApiKey' was found.
            throw new SettingsException([$"{e.Message} {(e.InnerException as FormatException)?.Message}".TrimEnd()]);
        }
    }

    private static T ReadNamed<T>(string path, string setting, Func<T> read) => Read(() =>
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SettingsException([$"{setting} names {path}, which is not there."]);
        }
    });
}
