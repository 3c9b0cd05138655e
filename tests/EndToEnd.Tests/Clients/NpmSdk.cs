using System.Text.RegularExpressions;
using OpenAIProxy.EndToEnd.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Clients;

/// <summary>Runs <c>npm/sdk.test.mjs</c> against the demo, once, with the packages of its lock file, which are installed if test.sh has not.</summary>
public sealed partial class NpmSdk(DemoApp demo) : IAsyncLifetime
{
    /// <summary>What each of the script's tests came to.</summary>
    public IReadOnlyDictionary<string, bool> Results { get; private set; } = new Dictionary<string, bool>();

    /// <summary>All that the script said.</summary>
    public string Report { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var folder = Tree.PathTo("tests", "EndToEnd.Tests", "npm");
        await NpmPackages.InstallAsync(folder);
        var (_, output, error) = await RunningCommand.RunAsync(
            "node",
            ["--test-reporter=tap", "sdk.test.mjs"],
            new Dictionary<string, string?> { ["OPENAI_BASE_URL"] = demo.BaseUrl.ToString(), ["OPENAI_API_KEY"] = DemoApp.NewKey() },
            folder);
        Report = output + error;
        Results = TestLine().Matches(output).ToDictionary(
            m => m.Groups["name"].Value.Replace(@"\#", "#", StringComparison.Ordinal), m => !m.Groups["not"].Success);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [GeneratedRegex(@"^(?<not>not )?ok \d+ - (?<name>.*?)\r?$", RegexOptions.Multiline)]
    private static partial Regex TestLine();
}
