using OpenAIProxy.EndToEnd.Tests.Metering;
using OpenAIProxy.EndToEnd.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Clients;

/// <summary>OpenAI's npm SDK and Codex beyond a limit and a budget, with their own rules for trying again.</summary>
public sealed class ClientLimitTests(Codex codex) : IClassFixture<Codex>
{
    private const string OverHttp = "supports_websockets = false";
    private const string OverSockets = "supports_websockets = true";

    [Fact]
    public async Task NpmSdk_WaitsAtALimitAsTold_AndStopsAtASpentBudgetAtOnce()
    {
        await using var app = await MeteredApp.StartAsync(settings: [("Limits__Keys__Requests", "2 per 10 seconds")]);
        await using var spent = await MeteredApp.StartAsync(settings: [("Budgets__Keys", "0.1/day")]);
        var folder = Tree.PathTo("tests", "EndToEnd.Tests", "npm");
        await NpmPackages.InstallAsync(folder);

        var (exitCode, output, error) = await RunningCommand.RunAsync(
            "node",
            ["--test-reporter=tap", "limits.test.mjs"],
            new Dictionary<string, string?>
            {
                ["LIMITED_URL"] = BaseUrlOf(app).ToString(),
                ["LIMITED_KEY"] = app.Keys[0],
                ["BUDGET_URL"] = BaseUrlOf(spent).ToString(),
                ["BUDGET_KEY"] = spent.Keys[0],
            },
            folder);

        Assert.True(exitCode == 0, output + error);
    }

    // Codex never tries a 429 again: it ends its turn. So a gateway for Codex lets it wait.
    [Theory]
    [InlineData(OverHttp)]
    [InlineData(OverSockets)]
    public async Task Codex_BeyondALimit_GetsItsAnswerWhereCallsWait(string transport)
    {
        await using var app = await MeteredApp.StartAsync(settings: [("Limits__Keys__Requests", "2 per 10 seconds"), ("Limits__Wait", "60s")]);

        for (var i = 0; i < 3; i++)
        {
            Assert.Contains("from the simulator", await codex.ExecAsync(BaseUrlOf(app), app.Keys[0], transport), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(OverHttp)]
    [InlineData(OverSockets)]
    public async Task Codex_WithASpentBudget_StopsAndTellsWhy(string transport)
    {
        await using var app = await MeteredApp.StartAsync(settings: [("Budgets__Keys", "0.01/day")]);

        var (exitCode, output) = await codex.RunAsync(BaseUrlOf(app), app.Keys[0], transport);

        Assert.True(exitCode != 0, output);
        Assert.Equal(0, app.Simulator.Tally.Rows().Sum(row => row.Begun));
        Assert.DoesNotContain("Reconnecting", output, StringComparison.OrdinalIgnoreCase);
    }

    private static Uri BaseUrlOf(MeteredApp app) => new(app.Gateway.Address, "/v1");
}
