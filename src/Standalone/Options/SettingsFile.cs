using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Standalone.Options;

/// <summary>The file that <c>--config</c> names: whether all that stands in it is a setting of one of the halves, which look at their own.</summary>
internal static class SettingsFile
{
    /// <summary>Checks it.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="known">The settings that may stand there.</param>
    /// <exception cref="SettingsException">It can't be read, or names what is no setting.</exception>
    public static void Check(string file, IReadOnlyList<Setting> known)
    {
        string[] errors =
        [
            .. ConfigFile.Load(file).AsEnumerable().Where(entry => entry.Value is not null && !CommandLine.IsSetting(entry.Key, known))
                .Select(entry => $"{entry.Key} in {file} is not a setting."),
        ];
        if (errors.Length > 0)
        {
            throw new SettingsException(errors);
        }
    }
}
