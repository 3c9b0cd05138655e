using System.Security.Cryptography;
using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Demo;

/// <summary>What a newcomer sees and does first.</summary>
public sealed class BannerTests(DemoApp demo)
{
    [Fact]
    public void Banner_OfTheDemo_NamesWhatRunsAndWhere()
    {
        Assert.Equal("localhost", demo.Banner.Address.Host);
        Assert.Contains($"--port {demo.Banner.Address.Port}", demo.App.ProcessOf("AppHost").CommandLine, StringComparison.Ordinal);
        Assert.Contains("simulator", demo.Banner.Upstream, StringComparison.Ordinal);
        Assert.StartsWith("1 ", demo.Banner.Keys, StringComparison.Ordinal);
        Assert.StartsWith(new Uri(demo.Address, "/usage").ToString(), demo.Banner.Usage, StringComparison.Ordinal);
        Assert.Matches("^http://(localhost|127\\.0\\.0\\.1):\\d+/login\\?t=\\w+$", demo.Banner.Dashboard);
        Assert.StartsWith("Redis", demo.Banner.Cache, StringComparison.Ordinal);
        Assert.StartsWith("SQLite", demo.Banner.Ledger, StringComparison.Ordinal);
        Assert.Equal("to the dashboard", demo.Banner.Telemetry);
        Assert.Empty(demo.Banner.Hint);
    }

    [Fact]
    public async Task BannersCurl_PastedIntoAShell_Answers()
    {
        await using var curl = RunningCommand.Shell(demo.Banner.Curl);
        var (exitCode, output, error) = await curl.EndAsync();

        Assert.True(exitCode == 0, error);
        Assert.StartsWith("data: {", output, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AppHost")]
    [InlineData("Gateway")]
    [InlineData("BillingService")]
    [InlineData("Simulator")]
    public void Process_OfTheDemo_RunsWhatTheBuildOfThisTreeMade(string project)
    {
        var output = Path.Combine(Tree.OutputOf(project), project);
        Assert.Contains(output, demo.App.ProcessOf(project).CommandLine, StringComparison.Ordinal);

        // The tests that know the project have a copy from the same build.
        var copy = Path.Combine(AppContext.BaseDirectory, project + ".dll");
        if (File.Exists(copy))
        {
            Assert.Equal(SHA256.HashData(File.ReadAllBytes(copy)), SHA256.HashData(File.ReadAllBytes(output + ".dll")));
        }
    }
}
