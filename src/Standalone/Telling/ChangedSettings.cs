using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.Standalone.Hosting;
using OpenAIProxy.Standalone.Options;

namespace OpenAIProxy.Standalone.Telling;

/// <summary>The settings that are not at their defaults, one a line, without secrets.</summary>
internal static class ChangedSettings
{
    /// <summary>Lists them.</summary>
    /// <param name="start">What is set.</param>
    /// <param name="hidden">What stands in the place of a secret.</param>
    public static IEnumerable<string> Of(StartArguments start, string hidden)
    {
        foreach (var setting in OneProcess.Settings.DistinctBy(s => s.Name))
        {
            var value = setting.Aliases.Prepend(setting.Name).Select(name => Text(start.Configuration, name)).FirstOrDefault(text => text.Length > 0);
            // What lies in the data folder is said by the folder.
            if (value is not null && value != setting.Default && !value.StartsWith(start.DataFolder, StringComparison.Ordinal))
            {
                yield return $"{setting.Name} = {Shown(setting, value, hidden)}";
            }
        }
    }

    private static string Shown(Setting setting, string value, string hidden)
    {
        if (setting.Secret)
        {
            return hidden;
        }

        // http://name:password@proxy
        return Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0
            ? uri.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped)
            : value;
    }

    private static string Text(IConfiguration configuration, string name)
        => configuration[name]?.Trim() is { Length: > 0 } text
            ? text
            : string.Join(", ", configuration.GetSection(name).GetChildren().Select(item => item.Value));
}
