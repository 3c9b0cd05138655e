using Microsoft.Extensions.Configuration;

namespace OpenAIProxy.AppHost.Settings;

/// <summary>Values of the configuration that have several names, and may be an array or one text with several in it.</summary>
internal static class Configured
{
    private static readonly char[] Separators = [' ', ',', ';', '\t', '\r', '\n'];

    /// <summary>The value of <paramref name="setting"/> under the first of its names that is set; null if none is. An empty value means not set.</summary>
    public static string? Find(IConfiguration configuration, ServiceSetting setting)
    {
        foreach (var name in setting.Aliases.Prepend(setting.Name))
        {
            var items = configuration.GetSection(name).GetChildren().Select(item => item.Value);
            var text = string.Join(' ', items.Append(configuration[name]).Where(item => !string.IsNullOrWhiteSpace(item)));
            if (text.Length > 0)
            {
                return text.Trim();
            }
        }

        return null;
    }

    /// <summary>How many keys <paramref name="text"/> holds.</summary>
    public static int CountKeys(string? text) => text?.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Length ?? 0;

    /// <summary>Gives <paramref name="service"/> a value for <paramref name="setting"/>, unless one is configured.</summary>
    public static IResourceBuilder<ProjectResource> WithDefault(this IResourceBuilder<ProjectResource> service, ServiceSetting setting, string value)
        => Find(service.ApplicationBuilder.Configuration, setting) is null ? service.WithEnvironment(setting.Variable, value) : service;
}
