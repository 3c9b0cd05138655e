using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Ledger.Storage;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>Ledgers of earlier releases go on as ledgers of this one.</summary>
public sealed class MigrationTests(Postgres postgres)
{
    private static readonly LedgerQuery All = new(null, ManualClock.Today, ManualClock.Today.AddDays(1), ByKey: false, ByEndpoint: false);

    private const string BackToTheSeventhForm = "DROP TABLE key_roster; DROP TABLE configured_key; ";
    private const string BackToTheFifthForm = BackToTheSeventhForm + "DROP TABLE budget_alert; ALTER TABLE usage_dims DROP COLUMN end_user; ";
    private const string BackToTheFourthForm = BackToTheFifthForm + "DROP TABLE access_key; DROP TABLE access_key_change; ";

    private const string BackToTheSecondForm = BackToTheFourthForm
        + "DROP TABLE key_label; ALTER TABLE usage_latency RENAME COLUMN first_token TO first_byte; "
        + "CREATE INDEX usage_dims_key ON usage_dims (key); DROP INDEX usage_dims_key_model; ";

    [Theory, OnEachDatabase]
    public async Task Ledger_OfTheFirstForm_KeepsItsCountsAndTakesTheNewOne(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        await (await rig.OpenAsync()).AddAsync(Rows.Batch(Rows.Of(3)), default);
        await rig.ExecuteAsync(
            "ALTER TABLE usage_hour DROP COLUMN cache_write_12h; ALTER TABLE usage_day DROP COLUMN cache_write_12h; "
            + BackToTheSecondForm + "DELETE FROM usage_version WHERE version > 1");

        var ledger = await rig.OpenAsync();
        var old = Assert.Single(await ledger.ReadAsync(All, default)).Counts;
        await ledger.AddAsync(Rows.Batch(Rows.Of(4)), default);
        var sum = Assert.Single(await ledger.ReadAsync(All, default)).Counts;

        Assert.Equal(Rows.Of(3).Counts with { CacheWrite12h = 0 }, old);
        Assert.Equal(Rows.Of(7).Counts with { CacheWrite12h = Rows.Of(4).Counts.CacheWrite12h }, sum);
        Assert.Equal(
            Rows.Of(4).Counts.CacheWrite12h, await rig.NumberAsync("SELECT CAST(SUM(cache_write_12h) AS bigint) FROM usage_hour"));
        await HasTheIndexOfTheFourthFormAsync(rig, kind);
    }

    [Theory, OnEachDatabase]
    public async Task Ledger_OfTheSecondForm_KeepsItsTimesToTheFirstTokenAndAddsNewOnes(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var timed = Rows.Of(1) with { Duration = new() { [20] = 1 }, FirstToken = new() { [3] = 1 } };
        await (await rig.OpenAsync()).AddAsync(Rows.Batch(timed), default);
        await rig.ExecuteAsync(BackToTheSecondForm + "DELETE FROM usage_version WHERE version > 2");

        var ledger = await rig.OpenAsync();
        var old = Assert.Single(await ledger.ReadLatencyAsync(All, default));
        await ledger.AddAsync(Rows.Batch(timed with { FirstToken = new() { [3] = 2, [4] = 5 } }), default);
        var sum = Assert.Single(await ledger.ReadLatencyAsync(All, default));

        Assert.Equal([new(20, 1)], old.Duration!);
        Assert.Equal([new(3, 1)], old.FirstToken!);
        Assert.Equal([new(20, 2)], sum.Duration!);
        Assert.Equal([new(3, 3), new(4, 5)], sum.FirstToken!.OrderBy(c => c.Key));
        Assert.Equal(Migrations.Latest, await rig.NumberAsync("SELECT max(version) FROM usage_version"));
        await HasTheIndexOfTheFourthFormAsync(rig, kind);
    }

    [Theory, OnEachDatabase]
    public async Task Ledger_OfTheSecondFormWithAnIndexOnModels_GetsThatOfTheFourth(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        await rig.OpenAsync();
        await rig.ExecuteAsync(
            BackToTheSecondForm + "DROP INDEX usage_dims_key; CREATE INDEX usage_dims_key_model ON usage_dims (key, model); "
            + "DELETE FROM usage_version WHERE version > 2");

        await rig.OpenAsync();

        await HasTheIndexOfTheFourthFormAsync(rig, kind);
    }

    [Theory, OnEachDatabase]
    public async Task Ledger_OfTheThirdForm_GetsTheIndexOfTheFourth(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        await rig.OpenAsync();
        await rig.ExecuteAsync(
            BackToTheFourthForm + "DROP TABLE key_label; DROP INDEX usage_dims_key_model; CREATE INDEX usage_dims_key_model ON usage_dims (key, model); "
            + "DELETE FROM usage_version WHERE version > 3");

        await rig.OpenAsync();

        await HasTheIndexOfTheFourthFormAsync(rig, kind);
    }

    [Theory, OnEachDatabase]
    public async Task Ledger_OfTheFourthForm_KeepsItsRowsAndTakesEndUsers(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        await (await rig.OpenAsync()).AddAsync(Rows.Batch(Rows.Of(3)), default);
        await rig.ExecuteAsync(BackToTheFourthForm + "DELETE FROM usage_version WHERE version > 4");

        var ledger = await rig.OpenAsync();
        var row = Rows.Of(4);
        await ledger.AddAsync(Rows.Batch(row, row with { What = row.What with { EndUser = "ann" } }), default);

        // What has no end user is added to the row of before.
        Assert.Equal(Rows.Of(11).Counts.Requests, Assert.Single(await ledger.ReadAsync(All, default)).Counts.Requests);
        Assert.Equal(
            [("", Rows.Of(7).Counts.Requests), ("ann", Rows.Of(4).Counts.Requests)],
            (await ledger.ReadAsync(All with { ByEndUser = true }, default)).Select(r => (r.What.EndUser!, r.Counts.Requests)));
    }

    private static async Task HasTheIndexOfTheFourthFormAsync(LedgerRig rig, LedgerKind kind)
    {
        var indexes = kind == LedgerKind.Sqlite
            ? "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND tbl_name = 'usage_dims' AND name"
            : "SELECT count(*) FROM pg_indexes WHERE tablename = 'usage_dims' AND indexname";
        var inOrder = kind == LedgerKind.Sqlite ? "" : " AND indexdef LIKE '%(key COLLATE \"C\", model COLLATE \"C\")'";
        Assert.Equal(1, await rig.NumberAsync($"{indexes} = 'usage_dims_key_model'{inOrder}"));
        Assert.Equal(0, await rig.NumberAsync($"{indexes} = 'usage_dims_key'"));
    }
}
