using System.Globalization;
using Dapper;
using Npgsql;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>Many writers of two services on one PostgreSQL: none waits for one that waits for it, and what is acknowledged is there once.</summary>
public sealed class CrowdTests(Postgres postgres)
{
    private const string WaitForRows = "SELECT COUNT(DISTINCT l.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
        + "WHERE NOT l.granted AND l.locktype IN ('transactionid', 'tuple') AND a.datname = current_database()";

    // For a longer run by hand: 1250 are 10,000 batches.
    private static readonly int Batches
        = int.Parse(Environment.GetEnvironmentVariable("CROWD_BATCHES") ?? "60", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Batches_ThatAddToTheSameRows_AreAllAddedOnceWithoutADeadlock()
    {
        await using var rig = await LedgerRig.CreateAsync(LedgerKind.PostgreSql, postgres);
        var crowd = new Crowd([await rig.OpenAsync(), await rig.OpenAsync()], Batches);

        var added = await crowd.SendAsync();

        Assert.Equal(8 * Batches, added);
        await crowd.CheckAsync(rig);
        await NoDeadlockAsync(rig);
    }

    [Fact]
    public async Task Batches_ThroughPgBouncerInTransactionMode_AreAllAddedOnce()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.CreateDatabaseAsync("ledger");
        await using var pooler = await PgBouncer.StartAsync(server);
        await using var rig = LedgerRig.At(pooler.ConnectionString("ledger"));
        var crowd = new Crowd([await rig.OpenAsync(), await rig.OpenAsync()], Batches / 2);

        var added = await crowd.SendAsync();

        Assert.Equal(8 * (Batches / 2), added);
        await crowd.CheckAsync(rig);
        await NoDeadlockAsync(rig);
    }

    [Fact]
    public async Task Batches_WhoseConnectionsAreKilled_AreNeitherLostNorDoubled()
    {
        await using var rig = await LedgerRig.CreateAsync(LedgerKind.PostgreSql, postgres);
        var crowd = new Crowd([await rig.OpenAsync(), await rig.OpenAsync()], Batches / 2);
        await using var killer = new NpgsqlConnection(rig.Setting.Value);
        await killer.OpenAsync();

        var sending = crowd.SendAsync(again: true);
        var killed = 0L;
        while (!sending.IsCompleted)
        {
            // All of them until one is hit, then half: a batch must get through now and then.
            killed += await killer.ExecuteScalarAsync<long>(
                "WITH picked AS MATERIALIZED (SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                    + "AND xact_start IS NOT NULL AND random() < @Part) SELECT COUNT(*) FROM picked WHERE pg_terminate_backend(pid)",
                new { Part = killed == 0 ? 1.0 : 0.5 });
            await Task.WhenAny(sending, Task.Delay(killed == 0 ? 1 : 40));
        }

        await sending.Guarded();
        Assert.True(killed > 0, "none was killed");
        await crowd.CheckAsync(rig);
    }

    // Each gets as far as the row in the middle. If they went from both ends, each would then hold what the other needs.
    [Fact]
    public async Task Batches_WhoseRowsComeInOppositeOrders_TakeThemInOne()
    {
        await using var rig = await LedgerRig.CreateAsync(LedgerKind.PostgreSql, postgres);
        UsageLedger[] services = [await rig.OpenAsync(), await rig.OpenAsync()];
        UsageRow[] rows =
        [
            .. Enumerable.Range(0, 5).Select(
                i => Rows.Of(1, key: KeyId.Of($"key {i}").Value, model: $"model {i}") with { Duration = new() { [5] = 1 } }),
        ];
        await services[0].AddAsync(Rows.Batch(rows), default);
        await using var other = new NpgsqlConnection(rig.Setting.Value);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await other.ExecuteAsync(
            "SELECT 1 FROM usage_hour WHERE dims_id IN (SELECT id FROM usage_dims WHERE key = @Key) FOR UPDATE", new { Key = rows[2].What.Key }, transaction);

        Task<bool>[] both = [services[0].AddAsync(Rows.Batch(rows), default), services[1].AddAsync(Rows.Batch([.. rows.Reverse()]), default)];
        await HangGuard.Until(() => rig.NumberAsync(WaitForRows), count => count == 2, "both wait for a row");
        await transaction.RollbackAsync();

        Assert.All(await Task.WhenAll(both).Guarded(), Assert.True);
        await NoDeadlockAsync(rig);
    }

    [Fact]
    public async Task Batch_OfRowsThatNobodyElseHas_DoesNotWaitForOneThatWaits()
    {
        await using var rig = await LedgerRig.CreateAsync(LedgerKind.PostgreSql, postgres);
        UsageLedger[] services = [await rig.OpenAsync(), await rig.OpenAsync()];
        await services[0].AddAsync(Rows.Batch(Rows.Of(1)), default);
        await using var other = new NpgsqlConnection(rig.Setting.Value);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await other.ExecuteAsync("UPDATE usage_day SET requests = requests");
        var waiting = services[0].AddAsync(Rows.Batch(Rows.Of(2)), default);
        await HangGuard.Until(() => rig.NumberAsync(WaitForRows), count => count > 0, "it waits for a row");

        Assert.True(await services[1].AddAsync(Rows.Batch(Rows.Of(1, key: Rows.OtherKey, model: "another")), default));
        Assert.False(waiting.IsCompleted);

        await transaction.RollbackAsync();
        Assert.True(await waiting);
    }

    [Fact]
    public async Task Batch_Acknowledged_OutlivesACrashOfTheServer()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var rig = LedgerRig.At(await server.CreateDatabaseAsync());
        var ledger = await rig.OpenAsync();
        // What is only in the server's memory stays there.
        await rig.ExecuteAsync("ALTER SYSTEM SET wal_writer_delay = '10s'");
        await rig.ExecuteAsync("ALTER SYSTEM SET wal_writer_flush_after = '1GB'");
        await server.StopAsync();
        await server.StartAgainAsync();
        await ledger.AddAsync(Rows.Batch(Rows.Of(1)), default);
        var batch = Rows.Batch(Rows.Of(2));

        Assert.True(await ledger.AddAsync(batch, default));
        await server.KillAsync();
        await server.StartAgainAsync();

        Assert.Equal(2, await rig.NumberAsync("SELECT COUNT(*) FROM usage_batch"));
        Assert.False(await ledger.AddAsync(batch, default));
    }

    private static async Task NoDeadlockAsync(LedgerRig rig)
    {
        await using var connection = new NpgsqlConnection(rig.Setting.Value);
        await connection.OpenAsync();
        // A connection's counts are told at its end.
        await HangGuard.Until(
            () => connection.ExecuteScalarAsync<long>(
                "WITH others AS MATERIALIZED (SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                    + "AND backend_type = 'client backend') SELECT COUNT(pg_terminate_backend(pid)) FROM others"),
            count => count == 0, "all connections have ended");
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
    }
}
