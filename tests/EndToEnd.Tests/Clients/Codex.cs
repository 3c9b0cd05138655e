using OpenAIProxy.EndToEnd.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Clients;

/// <summary>The Codex of <c>npm/codex</c>, installed once; every run has a home and a folder of its own.</summary>
public sealed class Codex : IAsyncLifetime
{
    private readonly string _folder = Tree.PathTo("tests", "EndToEnd.Tests", "npm", "codex");

    public async ValueTask InitializeAsync() => await NpmPackages.InstallAsync(_folder);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Runs <c>codex exec</c> with a question to its end, which must be a good one. Returns all that it said.</summary>
    /// <param name="baseUrl">What it takes for OpenAI.</param>
    /// <param name="key">The key that it shows there.</param>
    /// <param name="transport">A line of its configuration.</param>
    public async Task<string> ExecAsync(Uri baseUrl, string key, string transport)
    {
        var (exitCode, output) = await RunAsync(baseUrl, key, transport);
        Assert.True(exitCode == 0, output);
        return output;
    }

    /// <summary>Runs <c>codex exec</c> with a question to its end. Returns its exit code, and all that it said.</summary>
    /// <inheritdoc cref="ExecAsync"/>
    public async Task<(int ExitCode, string Output)> RunAsync(Uri baseUrl, string key, string transport)
    {
        var home = Directory.CreateTempSubdirectory("openaiproxy-codex-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(home.FullName, "config.toml"), $"""
                model = "gpt-5"
                model_provider = "gateway"
                [model_providers.gateway]
                name = "gateway"
                base_url = "{baseUrl}"
                wire_api = "responses"
                env_key = "GATEWAY_KEY"
                {transport}
                """);
            var work = home.CreateSubdirectory("work");
            // It would wait for more of the question on an open standard input.
            var (exitCode, output, error) = await RunningCommand.RunAsync(
                "bash",
                ["-c", "exec \"$0\" \"$@\" < /dev/null", Path.Combine(_folder, "node_modules", ".bin", "codex"), "exec", "--skip-git-repo-check", "Say hello."],
                new Dictionary<string, string?> { ["CODEX_HOME"] = home.FullName, ["GATEWAY_KEY"] = key },
                work.FullName);
            return (exitCode, output + error);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }
}
