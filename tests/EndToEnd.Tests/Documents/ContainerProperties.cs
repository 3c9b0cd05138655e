using System.Collections.Concurrent;
using System.Text.Json;
using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>What <c>dotnet publish /t:PublishContainer</c> would make of a project, as MSBuild evaluates it.</summary>
internal sealed record ContainerProperties(string Repository, string User, IReadOnlyList<string> Ports)
{
    // An evaluation takes seconds, and nothing changes what it finds while tests run.
    private static readonly ConcurrentDictionary<string, Lazy<Task<ContainerProperties>>> Projects = new();

    public static Task<ContainerProperties> ReadAsync(string project)
        => Projects.GetOrAdd(project, p => new Lazy<Task<ContainerProperties>>(() => EvaluateAsync(p))).Value;

    private static async Task<ContainerProperties> EvaluateAsync(string project)
    {
        var (exitCode, output, error) = await RunningCommand.RunAsync(
            "dotnet",
            ["msbuild", $"src/{project}/{project}.csproj", "-nodeReuse:false", "-getProperty:ContainerRepository", "-getProperty:ContainerUser",
                "-getItem:ContainerPort"]);
        Assert.True(exitCode == 0, output + error);
        var json = JsonElement.Parse(output);
        var properties = json.GetProperty("Properties");
        return new ContainerProperties(
            properties.GetProperty("ContainerRepository").GetString()!,
            properties.GetProperty("ContainerUser").GetString()!,
            [.. json.GetProperty("Items").GetProperty("ContainerPort").EnumerateArray().Select(p => p.GetProperty("Identity").GetString()!)]);
    }
}
