using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>
/// Finds an <c>appsettings.json</c>, or that of the environment, with settings of ours that is not read. Only that of the content root is: the
/// folder in which the service was started, unless <c>--contentRoot</c> names another. One beside the program, or where the operator's shell
/// stands while <c>dotnet run</c> starts the service in its project's folder, would be ignored without a word, and with it who may call.
/// </summary>
internal static class UnreadFiles
{
    /// <summary>What is wrong; nothing if the configuration has no content root.</summary>
    public static IEnumerable<string> Find(IConfiguration configuration, string[] sections)
    {
        if (configuration[WebHostDefaults.ContentRootKey] is not { Length: > 0 } root)
        {
            yield break;
        }

        var places = ((string?[])[Environment.CurrentDirectory, AppContext.BaseDirectory, Environment.GetEnvironmentVariable("PWD")])
            .OfType<string>().Where(Path.IsPathFullyQualified).ToArray();
        var environment = configuration[HostDefaults.EnvironmentKey] is { Length: > 0 } named ? named : Environments.Production;
        foreach (var name in (string[])["appsettings.json", $"appsettings.{environment}.json"])
        {
            var read = Path.GetFullPath(Path.Combine(root, name));
            foreach (var file in places.Select(place => Path.GetFullPath(Path.Combine(place, name))).Distinct())
            {
                if (file != read && Text(file) is { } text && text != Text(read) && HasSettings(text, sections))
                {
                    yield return $"{file} holds settings, but is not read: only {read} is. Move it there, start the service in its folder, or say "
                        + $"--contentRoot={Path.GetDirectoryName(file)}.";
                }
            }
        }
    }

    private static bool HasSettings(string text, string[] sections)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.EnumerateObject()
                .Any(p => sections.Contains(p.Name.Split(':')[0], StringComparer.OrdinalIgnoreCase));
        }
        catch (JsonException)
        {
            // Somebody else's, as far as can be seen.
            return false;
        }
    }

    private static string? Text(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
