using Microsoft.Extensions.Configuration.Json;
using OpenAIProxy.Standalone.Hosting;

namespace OpenAIProxy.Standalone.Checks;

/// <summary>Whether files with secrets are closed to other users of the machine.</summary>
internal static class SettingsFileChecks
{
    private static readonly string[] Names =
        [.. OneProcess.Settings.Where(setting => setting.Secret).SelectMany(setting => setting.Aliases.Prepend(setting.Name))];

    /// <summary>Looks at each file that <paramref name="configuration"/> was read from.</summary>
    public static IEnumerable<Finding> Find(IConfigurationRoot configuration)
    {
        foreach (var provider in configuration.Providers.OfType<JsonConfigurationProvider>())
        {
            var file = provider.Source.FileProvider?.GetFileInfo(provider.Source.Path!).PhysicalPath;
            if (file is not null && IsOpen(file) && Secrets(provider) is { Length: > 0 } secrets)
            {
                yield return Finding.Warning("settings", $"{file} holds {string.Join(", ", secrets)}, and every user of this machine can read it: chmod 600 {file}");
            }
        }
    }

    private static bool IsOpen(string file)
        => !OperatingSystem.IsWindows() && File.Exists(file) && (File.GetUnixFileMode(file) & UnixFileMode.OtherRead) != 0;

    private static string[] Secrets(JsonConfigurationProvider provider)
        => [.. Said(provider, null).Select(SecretOf).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];

    // The names of all that has a value, Access:Keys:0.
    private static IEnumerable<string> Said(JsonConfigurationProvider provider, string? parent)
    {
        foreach (var child in provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var name = parent is null ? child : ConfigurationPath.Combine(parent, child);
            if (provider.TryGet(name, out var value) && !string.IsNullOrWhiteSpace(value))
            {
                yield return name;
            }

            foreach (var below in Said(provider, name))
            {
                yield return below;
            }
        }
    }

    // The setting that holds a secret, of which the name is one or an entry of its list; null if it holds none.
    private static string? SecretOf(string name)
    {
        if (name.StartsWith("ConnectionStrings:", StringComparison.OrdinalIgnoreCase))
        {
            return name;
        }

        // Kestrel:Certificates:Default:Password.
        if (name.StartsWith("Kestrel:", StringComparison.OrdinalIgnoreCase) && name.EndsWith("Password", StringComparison.OrdinalIgnoreCase))
        {
            return name;
        }

        return Names.FirstOrDefault(secret => name.Equals(secret, StringComparison.OrdinalIgnoreCase)
            || name.StartsWith($"{secret}:", StringComparison.OrdinalIgnoreCase));
    }
}
