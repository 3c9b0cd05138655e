using System.Text.Json;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Standalone.Options;

/// <summary>The file that <c>--config</c> names, in the form of <c>appsettings.json</c>.</summary>
internal static class SettingsFile
{
    /// <summary>What stands in it, each as <c>--Name=value</c>.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="known">The settings that may stand there.</param>
    /// <param name="isOverridden">True for a name that the environment or the command line sets.</param>
    /// <exception cref="SettingsException">It can't be read, or names what is no setting.</exception>
    public static string[] Read(string file, IReadOnlyList<Setting> known, Func<string, bool> isOverridden)
    {
        var values = Load(Path.GetFullPath(file)).AsEnumerable().Where(entry => entry.Value is not null).ToArray();
        var errors = values.Where(entry => !CommandLine.IsSetting(entry.Key, known)).Select(entry => $"{entry.Key} in {file} is not a setting.").ToArray();
        if (errors.Length > 0)
        {
            throw new SettingsException(errors);
        }

        return [.. values.Where(entry => !isOverridden(entry.Key)).Select(entry => $"--{entry.Key}={entry.Value}")];
    }

    private static IConfigurationRoot Load(string path)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(path, optional: false).Build();
        }
        catch (FileNotFoundException)
        {
            throw new SettingsException([$"--config names {path}, which is not there."]);
        }
        catch (InvalidDataException e) when (e.GetBaseException() is JsonException json)
        {
            // Without the parser's own words: they quote what stands there, maybe a key.
            throw new SettingsException([$"{path} is no JSON at line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}."]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new SettingsException([$"{path} can't be read: {e.Message}"]);
        }
    }
}
