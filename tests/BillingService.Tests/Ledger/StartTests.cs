using System.Net;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>Ledgers that can't be used at the start, or not yet.</summary>
public sealed class StartTests(Postgres postgres)
{
    private const string Token = "the-token-of-the-gateways";

    private static readonly LedgerQuery All = new(null, ManualClock.Today, ManualClock.Today.AddDays(1), ByKey: true, ByEndpoint: true);

    [Theory]
    [InlineData("a folder")]
    [InlineData("below a file")]
    [InlineData("no database")]
    public async Task File_ThatCannotBeTheLedger_StopsTheStartAndNamesTheSetting(string what)
    {
        var folder = Directory.CreateTempSubdirectory("openaiproxy-ledger-");
        var file = Path.Combine(folder.FullName, "file");
        await File.WriteAllTextAsync(file, new string('x', 10_000));

        var e = await Assert.ThrowsAsync<SettingsException>(() => BillingRig.StartAsync(
            ("Ledger:File", what switch { "a folder" => folder.FullName, "below a file" => Path.Combine(file, "ledger.db"), _ => file })));

        Assert.StartsWith("Ledger:File can't be used: ", Assert.Single(e.Errors), StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Theory, OnEachDatabase]
    public async Task Ledger_OfANewerRelease_StopsTheStartAndIsLeftAlone(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        await rig.OpenAsync();
        await rig.ExecuteAsync("INSERT INTO usage_version (version) VALUES (99)");

        var e = await Assert.ThrowsAsync<SettingsException>(() => BillingRig.StartAsync(rig.Setting));

        Assert.StartsWith($"{rig.Setting.Name}: It holds a ledger of version 99", Assert.Single(e.Errors), StringComparison.Ordinal);
        Assert.Equal(99, await rig.NumberAsync("SELECT max(version) FROM usage_version"));
    }

    [Theory]
    [InlineData("nonsense-hidden")]
    [InlineData("Host=x;Nonsense=hidden")]
    [InlineData("Database=hidden")]
    public void ConnectionString_ThatIsNone_StopsTheStartWithoutBeingShown(string text)
    {
        var e = Assert.Throws<SettingsException>(() => BillingHost.BuildBare($"--ConnectionStrings:ledger={text}"));

        Assert.Contains("ConnectionStrings:ledger", Assert.Single(e.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", e.Message, StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase]
    public async Task Service_OnEitherDatabase_TakesUsageAndIsWell(LedgerKind kind)
    {
        await using var place = await LedgerRig.CreateAsync(kind, postgres);
        await using (var rig = await BillingRig.StartAsync(("Internal:Token", Token), place.Setting))
        {
            await UntilTakenAsync(rig.Billing, 2);
            await rig.Billing.UntilHealthAsync("Healthy");
        }

        Assert.Equal(2, Assert.Single(await (await place.OpenAsync()).ReadAsync(All, default)).Counts.Requests);
    }

    [Fact]
    public async Task PostgreSql_ThatComesLateAndCrashes_IsWaitedFor()
    {
        await using var server = await PostgresServer.CreateAsync();
        await using var rig = await BillingRig.StartAsync(
            ("Internal:Token", Token), ("ConnectionStrings:ledger", server.ConnectionString("late") + ";Password=hidden"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PostAsync(rig.Billing, 1)).Status);
        var health = await rig.Billing.GetAsync("/health/ready", null);
        Assert.Equal(HttpStatusCode.OK, health.Status);
        Assert.Equal("Degraded: The ledger takes no usage: its database can't be reached", health.Text);

        await server.StartAgainAsync();
        await server.CreateDatabaseAsync("late");
        await UntilTakenAsync(rig.Billing, 2);
        await server.KillAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PostAsync(rig.Billing, 4)).Status);
        Assert.StartsWith("Degraded: ", (await rig.Billing.GetAsync("/health/ready", null)).Text, StringComparison.Ordinal);
        await server.StartAgainAsync();
        await UntilTakenAsync(rig.Billing, 8);

        await rig.Billing.UntilHealthAsync("Healthy");
        await using var place = new Npgsql.NpgsqlConnection(server.ConnectionString("late"));
        Assert.Equal(10, await Dapper.SqlMapper.ExecuteScalarAsync<long>(place, "SELECT CAST(SUM(requests) AS bigint) FROM usage_hour"));
        Assert.Empty(rig.Billing.Logs.Find("hidden"));
    }

    private static Task<(HttpStatusCode Status, string Body)> PostAsync(BillingHost billing, long requests)
        => IngestTests.PostAsync(billing, IngestTests.Content(Rows.Batch(Rows.Of(requests))), Token);

    private static async Task UntilTakenAsync(BillingHost billing, long requests)
    {
        var batch = Rows.Batch(Rows.Of(requests));
        await HangGuard.Until(
            () => IngestTests.PostAsync(billing, IngestTests.Content(batch), Token), answer => answer.Status == HttpStatusCode.NoContent, "usage is taken");
    }
}
