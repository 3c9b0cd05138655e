namespace OpenAIProxy.Standalone.Tests.Packages;

/// <summary>The .NET tool, installed from the packed file without any network.</summary>
public sealed class ToolTests : IDisposable
{
    private const long MaximumSize = 20_000_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-tool-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Tool_FromThePackedFile_SaysItsVersionAndAnswersAChat()
    {
        await DotnetAsync("pack", "src/Standalone", "--no-build", "-c", Tree.Configuration, "-o", _folder.FullName, "-nodeReuse:false");
        var package = Assert.Single(_folder.GetFiles("*.nupkg"));
        Assert.InRange(package.Length, 1, MaximumSize);
        // OpenAIProxy.1.2.3.nupkg
        var version = Path.GetFileNameWithoutExtension(package.Name)["OpenAIProxy.".Length..];

        var source = Path.Combine(_folder.FullName, "nuget.config");
        await File.WriteAllTextAsync(
            source, $"""<configuration><packageSources><clear /><add key="here" value="{_folder.FullName}" /></packageSources></configuration>""");
        await DotnetAsync("tool", "install", "OpenAIProxy", "--version", version, "--configfile", source, "--tool-path", _folder.FullName);
        var program = Path.Combine(_folder.FullName, "openai-proxy");

        var (exitCode, output, _) = await RunningCommand.RunAsync(program, ["--version"]);
        Assert.Equal(0, exitCode);
        Assert.Equal(version, output.Trim());
        await using var demo = await StandaloneProcess.StartAsync(
            [program], new Dictionary<string, string?>(), ["--demo", "--data", Path.Combine(_folder.FullName, "data")]);
        Assert.Contains("chat.completion", await demo.ChatAsync(), StringComparison.Ordinal);
    }

    private static async Task DotnetAsync(params string[] args)
    {
        var (exitCode, output, error) = await RunningCommand.RunAsync("dotnet", args);
        Assert.True(exitCode == 0, output + error);
    }
}
