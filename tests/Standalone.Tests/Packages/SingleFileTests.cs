using System.Runtime.InteropServices;

namespace OpenAIProxy.Standalone.Tests.Packages;

/// <summary>The file of <c>eng/publish</c>, on a machine of which it knows nothing.</summary>
public sealed class SingleFileTests : IDisposable
{
    private const string Platform = "linux-x64";
    private const long MaximumSize = 60_000_000;

    // It compiles everything once more, for a release.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-file-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task File_WithAnEmptyEnvironment_AnswersAChat()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "For Linux on x64.");
        await using (var publish = RunningCommand.Start(Tree.PathTo("eng", "publish"), ["-o", _folder.FullName, Platform]))
        {
            Assert.True(await publish.Exited.WaitAsync(Limit) == 0, publish.Text);
        }

        var archive = Assert.Single(_folder.GetFiles($"openai-proxy-*-{Platform}.tar.gz"));
        Assert.InRange(archive.Length, 1, MaximumSize);
        var (exitCode, output, error) = await RunningCommand.RunAsync("sha256sum", ["--check", "SHA256SUMS"], folder: _folder.FullName);
        Assert.True(exitCode == 0, output + error);
        (exitCode, output, error) = await RunningCommand.RunAsync("tar", ["--numeric-owner", "-tvzf", archive.Name], folder: _folder.FullName);
        Assert.True(exitCode == 0, error);
        Assert.All(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains(" 0/0 ", line, StringComparison.Ordinal));
        (exitCode, output, error) = await RunningCommand.RunAsync("tar", ["-xzf", archive.Name], folder: _folder.FullName);
        Assert.True(exitCode == 0, output + error);

        await using var demo = await StandaloneProcess.StartAsync(
            ["env", "-i", Path.Combine(_folder.FullName, "openai-proxy")],
            new Dictionary<string, string?>(),
            ["--demo", "--data", Path.Combine(_folder.FullName, "data")]);
        Assert.Contains("chat.completion", await demo.ChatAsync(), StringComparison.Ordinal);
    }
}
