using Microsoft.Extensions.Configuration;

namespace OpenAIProxy.AppHost.Settings;

/// <summary>Values of the configuration that have several names, and may be an array or one text with several in it.</summary>
internal static class Configured
{
    private static readonly char[] Separators = [' ', ',', ';', '\t', '\r', '\n'];

    /// <summary>The value of the first of <paramref name="names"/> that is set; null if none is. An empty value means not set.</summary>
    public static string? Find(IConfiguration configuration, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
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
}
