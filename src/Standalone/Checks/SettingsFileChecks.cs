using Microsoft.Extensions.Configuration.Json;
using OpenAIProxy.Standalone.Hosting;

namespace OpenAIProxy.Standalone.Checks;

/// <summary>Whether files with secrets are closed to other users of the machine.</summary>
internal static class SettingsFileChecks
{
    private const string Ledger = "ConnectionStrings:ledger";

    /// <param name="config">The file that <c>--config</c> names; null for none.</param>
    /// <param name="configuration">The configuration, whose own files are looked at, too.</param>
    public static IEnumerable<Finding> Find(string? config, IConfigurationRoot configuration)
    {
        var own = configuration.Providers.OfType<JsonConfigurationProvider>()
            .Select(provider => provider.Source.FileProvider?.GetFileInfo(provider.Source.Path!).PhysicalPath);
        foreach (var file in own.Append(config is null ? null : Path.GetFullPath(config)).OfType<string>().Where(File.Exists).Distinct())
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & UnixFileMode.OtherRead) != 0 && Secrets(file) is { Length: > 0 } secrets)
            {
                yield return Finding.Warning("settings", $"{file} holds {string.Join(", ", secrets)}, and every user of this machine can read it: chmod 600 {file}");
            }
        }
    }

    private static string[] Secrets(string file)
    {
        var settings = new ConfigurationBuilder().AddJsonFile(file, optional: false).Build();
        return
        [
            .. OneProcess.Settings.Where(setting => setting.Secret).SelectMany(setting => setting.Aliases.Prepend(setting.Name)).Append(Ledger)
                .Where(name => !string.IsNullOrWhiteSpace(settings[name]) || settings.GetSection(name).GetChildren().Any()).Distinct(),
        ];
    }
}
