using System.Globalization;
using System.Net.Http.Json;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.Standalone.Tests;

/// <summary><c>openai-proxy check</c> names models in use that will be shut down soon.</summary>
public sealed class ModelCheckTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private SimulatorHost _upstream = null!;

    public async ValueTask InitializeAsync() => _upstream = await SimulatorHost.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Model_ThatWasUsedAndEndsSoon_IsAWarning()
    {
        var soon = DateTime.UtcNow.AddDays(20).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var later = DateTime.UtcNow.AddDays(200).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var prices = _folder.Write("prices.json", $$"""
            { "prices": [
              { "model": "ends-soon", "shutdown": "{{soon}}", "tokens": { "default": { "input": 1, "output": 1 } } },
              { "model": "ends-later", "shutdown": "{{later}}", "tokens": { "default": { "input": 1, "output": 1 } } },
              { "model": "nobody-uses-it", "shutdown": "{{soon}}", "tokens": { "default": { "input": 1, "output": 1 } } } ] }
            """);
        string[] args = ["--data", _folder.Path, "--base-url", $"{_upstream.Address}", $"--Pricing:File={prices}"];
        await using (var process = await StandaloneProcess.StartAsync([.. args, "--api-key", "sk-operator-of-models", "--urls=http://127.0.0.1:0"]))
        {
            foreach (var model in (string[])["ends-soon", "ends-later"])
            {
                using var answer = await process.Client.PostAsJsonAsync("/v1/chat/completions", new { model, messages = Array.Empty<string>() });
                answer.EnsureSuccessStatusCode();
            }

            Assert.Equal(0, await process.StopAsync());
        }

        var (exitCode, output, _) = await StandaloneProcess.RunAsync(["check", .. args]);

        Assert.Equal(0, exitCode);
        Assert.Equal(
            [$"warning models: ends-soon was used in the last 30 days, and will be shut down on {soon}."],
            output.Split('\n').Where(line => line.Contains(" models: ", StringComparison.Ordinal)));
    }
}
