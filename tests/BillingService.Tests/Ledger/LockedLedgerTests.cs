using System.Diagnostics;
using System.Net;
using Dapper;
using Npgsql;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>Ledgers that can be read and not be written: health says so, and so does the log, once.</summary>
public sealed class LockedLedgerTests(Postgres postgres)
{
    internal const string Locked = "it is locked";
    private const string Waiting =
        "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    // Less than the gateway's 30 seconds, with room for a busy machine.
    internal static readonly TimeSpan BeforeTheGatewayGivesUp = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task PostgreSql_RowLocked_IsDegradedUntilABatchIsTaken()
    {
        await using var place = await LedgerRig.CreateAsync(LedgerKind.PostgreSql, postgres);
        await using var rig = await BillingRig.StartAsync(place.Setting);
        await rig.Billing.UntilHealthAsync("Healthy");
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(rig.Billing, Rows.Batch(Rows.Of())));
        await using var other = new NpgsqlConnection(place.Setting.Value);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await other.ExecuteAsync("UPDATE usage_day SET requests = requests");

        var batch = Rows.Batch(Rows.Of());
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(rig.Billing, batch));
            // No lock on a whole table stands in its way.
            Assert.StartsWith("Degraded: The ledger takes no usage: " + Locked, await HealthAsync(rig.Billing), StringComparison.Ordinal);
        }

        Assert.Single(rig.Billing.Logs.Find("The ledger is not available"));
        Assert.Empty(rig.Billing.Logs.Find("The ledger is available again"));
        await transaction.RollbackAsync();
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(rig.Billing, batch));
        Assert.Equal("Healthy", await HealthAsync(rig.Billing));
        Assert.Single(rig.Billing.Logs.Find("The ledger is available again"));
    }

    [Fact]
    public async Task PostgreSql_TurnTaken_IsDegradedUntilItIsGivenBack()
    {
        await using var place = await LedgerRig.CreateAsync(LedgerKind.PostgreSql, postgres);
        await using var rig = await BillingRig.StartAsync(place.Setting);
        await rig.Billing.UntilHealthAsync("Healthy");
        await using (await place.Database().BeginAsync(default))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(rig.Billing, Rows.Batch(Rows.Of())));
            rig.Billing.Clock.Advance(LedgerState.ProbeCounts);
            Assert.Contains(Locked, await HealthAsync(rig.Billing), StringComparison.Ordinal);
            Assert.Empty(rig.Billing.Logs.Find("The ledger is available again"));
        }

        await rig.Billing.UntilHealthAsync("Healthy");
        Assert.Single(rig.Billing.Logs.Find("The ledger is available again"));
    }

    [Fact]
    public async Task PostgreSql_NobodyWritesAnyMore_IsHealthyAgainByTheProbeItself()
    {
        await using var place = await LedgerRig.CreateAsync(LedgerKind.PostgreSql, postgres);
        await using var rig = await BillingRig.StartAsync(place.Setting);
        await using (var other = new NpgsqlConnection(place.Setting.Value))
        {
            await other.OpenAsync();
            await using var transaction = await other.BeginTransactionAsync();
            await other.ExecuteAsync("LOCK TABLE usage_day IN EXCLUSIVE MODE");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(rig.Billing, Rows.Batch(Rows.Of())));
            // What can be read proves nothing.
            await rig.Billing.GetForAsync("/billing/usage", Rows.Key);
            Assert.Empty(rig.Billing.Logs.Find("The ledger is available again"));
        }

        rig.Billing.Clock.Advance(LedgerState.ProbeCounts);
        await rig.Billing.UntilHealthAsync("Healthy");
        Assert.Single(rig.Billing.Logs.Find("The ledger is available again"));
        Assert.Equal(0, await place.NumberAsync("SELECT COUNT(*) FROM usage_batch"));
    }

    [Fact]
    public async Task PostgreSql_SenderGivesUpOnItsBatch_IsAFailure()
    {
        await using var place = await LedgerRig.CreateAsync(LedgerKind.PostgreSql, postgres);
        await using var rig = await BillingRig.StartAsync(place.Setting);
        await rig.Billing.UntilHealthAsync("Healthy");
        using var sender = new CancellationTokenSource();
        await using (var other = new NpgsqlConnection(place.Setting.Value))
        {
            await other.OpenAsync();
            await using var transaction = await other.BeginTransactionAsync();
            await other.ExecuteAsync("LOCK TABLE usage_day IN EXCLUSIVE MODE");
            var post = PostAsync(rig.Billing, Rows.Batch(Rows.Of()), sender.Token);
            await HangGuard.Until(() => place.NumberAsync(Waiting), count => count > 0, "the batch waits for the lock");

            await sender.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => post);
            await HangGuard.Until(() => rig.Billing.Logs.Find("gave up on a write").Count == 1, "it is told");
            Assert.StartsWith("Degraded", await HealthAsync(rig.Billing), StringComparison.Ordinal);
        }

        // It is told a moment before it counts from when.
        await HangGuard.Until(
            () =>
            {
                rig.Billing.Clock.Advance(LedgerState.ProbeCounts);
                return HealthAsync(rig.Billing);
            },
            health => health == "Healthy", "it is healthy");
    }

    [Fact]
    public async Task PostgreSql_Frozen_FailsAWriteBeforeItsGatewayGivesUp()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var rig = await BillingRig.StartAsync(("ConnectionStrings:ledger", await server.CreateDatabaseAsync()));
        var batch = Rows.Batch(Rows.Of(2));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(rig.Billing, Rows.Batch(Rows.Of(1))));
        await server.FreezeAsync();
        try
        {
            var clock = Stopwatch.StartNew();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(rig.Billing, batch));
            Assert.True(clock.Elapsed < BeforeTheGatewayGivesUp, $"{clock.Elapsed}");
            Assert.StartsWith("Degraded", await HealthAsync(rig.Billing), StringComparison.Ordinal);
            Assert.Single(rig.Billing.Logs.Find("The ledger is not available"));
        }
        finally
        {
            await server.ThawAsync();
        }

        await HangGuard.Until(() => PostAsync(rig.Billing, batch), status => status == HttpStatusCode.NoContent, "it is taken");
        await rig.Billing.UntilHealthAsync("Healthy");
    }

    [Fact]
    public async Task Sqlite_LockedByAnotherProcess_IsDegradedUntilItIsWritten()
    {
        await using var place = await LedgerRig.CreateAsync(LedgerKind.Sqlite, postgres);
        await using var rig = await BillingRig.StartAsync(place.Setting);
        await rig.Billing.UntilHealthAsync("Healthy");
        var transaction = await place.Database().BeginAsync(default);

        Assert.Contains(Locked, await HealthAsync(rig.Billing), StringComparison.Ordinal);
        var clock = Stopwatch.StartNew();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(rig.Billing, Rows.Batch(Rows.Of())));
        Assert.True(clock.Elapsed < BeforeTheGatewayGivesUp, $"{clock.Elapsed}");
        Assert.Contains(Locked, await HealthAsync(rig.Billing), StringComparison.Ordinal);

        await transaction.DisposeAsync();
        rig.Billing.Clock.Advance(LedgerState.ProbeCounts);
        await rig.Billing.UntilHealthAsync("Healthy");
        Assert.Single(rig.Billing.Logs.Find("The ledger is available again"));
    }

    [Theory, OnEachDatabase]
    public async Task Ledger_ThatANewerReleaseChanges_GetsNothingWritten(LedgerKind kind)
    {
        await using var place = await LedgerRig.CreateAsync(kind, postgres);
        await using var rig = await BillingRig.StartAsync(place.Setting);
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(rig.Billing, Rows.Batch(Rows.Of())));
        await place.ExecuteAsync("INSERT INTO usage_version (version) VALUES (99)");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(rig.Billing, Rows.Batch(Rows.Of(5))));

        Assert.Equal(
            "Degraded: The ledger takes no usage: a newer release has changed it, so nothing is written; update this service", await HealthAsync(rig.Billing));
        Assert.Equal(1, await place.NumberAsync("SELECT CAST(SUM(requests) AS bigint) FROM usage_hour"));
        Assert.Equal(1, await place.NumberAsync("SELECT COUNT(*) FROM usage_batch"));
        Assert.Single(rig.Billing.Logs.Find("The ledger is not available"));
    }

    internal static async Task<string> HealthAsync(BillingHost billing) => (await billing.GetAsync("/health/ready", key: null)).Text;

    internal static async Task<HttpStatusCode> PostAsync(BillingHost billing, UsageBatch batch, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, UsageBatch.Path) { Content = IngestTests.Content(batch) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add(InternalHeaders.Token, BillingHost.InternalToken);
        using var response = await billing.Client.SendAsync(request, cancellationToken).Guarded();
        return response.StatusCode;
    }
}
