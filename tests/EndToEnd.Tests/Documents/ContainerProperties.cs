using System.Text.Json;
using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>What <c>dotnet publish /t:PublishContainer</c> would make of a project, as MSBuild evaluates it.</summary>
internal sealed record ContainerProperties(string Repository, string User, IReadOnlyList<string> Ports)
{
    public static async Task<ContainerProperties> ReadAsync(string project)
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
