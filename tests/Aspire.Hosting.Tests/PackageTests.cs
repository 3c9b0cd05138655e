using System.IO.Compression;
using System.Reflection;
using System.Text.Json;

namespace OpenAIProxy.Hosting.Tests;

/// <summary>The packed file: what is in it, and an AppHost elsewhere that installs it and writes its manifest.</summary>
public sealed class PackageTests : IDisposable
{
    private const string Id = "OpenAIProxy.Aspire.Hosting";
    private const string Version = "0.0.1-tried";

    // The packages of this build, so that nothing is downloaded and nothing is left there.
    private static readonly string Packages = typeof(PackageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "NuGetPackageRoot").Value!;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-package-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Package_InAnotherAppHost_PublishesAContainerWithItsSettings()
    {
        await DotnetAsync(
            "pack", "src/Aspire.Hosting", "--no-build", "-c", Tree.Configuration, "-o", _folder.FullName,
            $"-p:PackageVersion={Version}", "-nodeReuse:false");
        var package = Assert.Single(_folder.GetFiles("*.nupkg"));
        using (var files = ZipFile.OpenRead(package.FullName))
        {
            Assert.Contains("README.md", files.Entries.Select(entry => entry.FullName));
            Assert.Contains($"lib/net10.0/{Id}.dll", files.Entries.Select(entry => entry.FullName));
            Assert.Contains($"lib/net10.0/{Id}.xml", files.Entries.Select(entry => entry.FullName));
        }

        await WriteAppHostAsync();
        var manifest = Path.Combine(_folder.FullName, "manifest.json");
        await DotnetAsync(
            "run", "--project", Path.Combine(_folder.FullName, "host"), "--no-launch-profile", "--", "--publisher", "manifest", "--output-path", manifest);

        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(manifest));
        var resources = json.RootElement.GetProperty("resources");
        var ai = resources.GetProperty("ai");
        Assert.Equal("container.v0", Text(ai, "type"));
        Assert.Equal("openaiproxy:latest", Text(ai, "image"));
        Assert.Equal("Endpoint={ai.bindings.http.url}/v1;Key=fk-{ai-access-key.value};Model=gpt-4o-mini", Text(ai, "connectionString"));
        Assert.Equal("/home/app", Text(ai.GetProperty("volumes")[0], "target"));
        Assert.Equal("{openai.value}", Text(ai.GetProperty("env"), "OpenAI__ApiKey"));
        Assert.Equal("fk-{ai-access-key.value}", Text(ai.GetProperty("env"), "Access__Keys"));
        Assert.Equal(8000, ai.GetProperty("bindings").GetProperty("http").GetProperty("targetPort").GetInt32());
        var app = resources.GetProperty("app").GetProperty("env");
        Assert.Equal("{ai.connectionString}", Text(app, "ConnectionStrings__ai"));
        Assert.Equal("{ai.bindings.http.url}/v1", Text(app, "AI_URI"));
        Assert.Equal("gpt-4o-mini", Text(app, "AI_MODELNAME"));
        Assert.True(resources.GetProperty("ai-access-key").GetProperty("inputs").GetProperty("value").GetProperty("secret").GetBoolean());
    }

    private static string? Text(JsonElement parent, string name) => parent.GetProperty(name).GetString();

    private static async Task DotnetAsync(params string[] args)
    {
        var (exitCode, output, error) = await RunningCommand.RunAsync("dotnet", args);
        Assert.True(exitCode == 0, output + error);
    }

    private async Task WriteAppHostAsync()
    {
        var host = _folder.CreateSubdirectory("host").FullName;
        await File.WriteAllTextAsync(Path.Combine(host, "nuget.config"), $"""
            <configuration><packageSources><add key="packed" value="{_folder.FullName}" /></packageSources></configuration>
            """);
        await File.WriteAllTextAsync(Path.Combine(host, "Host.csproj"), $"""
            <Project Sdk="Aspire.AppHost.Sdk/13.6.4">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestorePackagesPath>{Path.Combine(_folder.FullName, "packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{Packages}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Aspire.Hosting.AppHost" Version="13.6.5" />
                <PackageReference Include="{Id}" Version="{Version}" />
              </ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(host, "Program.cs"), """
            var builder = DistributedApplication.CreateBuilder(args);
            var ai = builder.AddOpenAIProxy("ai").WithApiKey(builder.AddParameter("openai", secret: true)).WithModel("gpt-4o-mini").WithDataVolume();
            builder.AddContainer("app", "app").WithReference(ai).WaitFor(ai);
            builder.Build().Run();
            """);
    }
}
