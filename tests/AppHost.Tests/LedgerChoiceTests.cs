using Aspire.Hosting.ApplicationModel;
using OpenAIProxy.AppHost.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.AppHost.Tests;

/// <summary>Which ledger the app gets, and what is refused.</summary>
public sealed class LedgerChoiceTests
{
    [Fact]
    public async Task Ledger_PostgresWithAFakeEngine_IsADatabaseInAContainer()
    {
        using var tools = new ToolFolder().WithFakeEngine();
        await using var model = await Model.CreateAsync(["--demo", "--port", "0", "--ledger", "postgres"], ("PATH", tools.Path));

        var ledger = Assert.IsType<PostgresDatabaseResource>(model.Resources.Single(r => r.Name == "ledger"));
        Assert.Contains(ledger.Parent, model.Resources);
    }

    [Fact]
    public async Task Ledger_NamedByAConnectionString_IsThatOneWithoutAnOption()
    {
        const string Own = "Host=127.0.0.1;Port=1;Database=mine";
        await using var model = await Model.CreateAsync(["--demo", "--port", "0"], ("ConnectionStrings__ledger", Own));

        var ledger = Assert.IsAssignableFrom<IResourceWithConnectionString>(model.Resources.Single(r => r.Name == "ledger"));
        Assert.Equal(Own, await ledger.GetConnectionStringAsync(CancellationToken.None).Guarded());
        Assert.Empty(model.Resources.OfType<PostgresServerResource>());
    }

    [Fact]
    public async Task Ledger_PostgresWithoutEngineAndConnectionString_IsRefusedWithWhatIsMissing()
    {
        using var tools = new ToolFolder();
        var (exitCode, _, error) = await AppHostProcess.RunAsync(["--demo", "--port", "0", "--ledger", "postgres"], ("PATH", tools.Path));

        Assert.Equal(64, exitCode);
        Assert.Contains("container engine", error, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings__ledger", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replicas_WithSqlite_AreRefusedWithTheReason()
    {
        var (exitCode, _, error) = await AppHostProcess.RunAsync(["--demo", "--port", "0", "--replicas", "2"]);

        Assert.Equal(64, exitCode);
        Assert.Contains("--ledger postgres", error, StringComparison.Ordinal);
        Assert.Contains("can't share a SQLite file", error, StringComparison.Ordinal);
    }
}
