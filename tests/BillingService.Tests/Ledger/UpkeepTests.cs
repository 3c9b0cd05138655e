using OpenAIProxy.BillingService.Ledger;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>What is deleted, and what isn't.</summary>
public sealed class UpkeepTests(Postgres postgres)
{
    private static readonly LedgerQuery All = new(null, new DateOnly(2020, 1, 1), new DateOnly(2030, 1, 1), ByKey: false, ByEndpoint: false);

    [Theory, OnEachDatabase]
    public async Task Usage_WithoutRetention_IsKeptForEver(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        await ledger.AddAsync(Rows.Batch(Rows.Of(1, Rows.Day(new DateOnly(2020, 1, 1)))), default);

        rig.Clock.Advance(TimeSpan.FromDays(3000));
        await rig.DeleteOldAsync(null);

        Assert.Single(await ledger.ReadAsync(All, default));
        Assert.Equal(1, await rig.NumberAsync("SELECT COUNT(*) FROM usage_hour"));
    }

    [Theory, OnEachDatabase]
    public async Task Days_PastTheRetention_AreDeletedWhole(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        var rows = Enumerable.Range(-60, 61).SelectMany(d => (int[])[0, 23], (d, hour) => Rows.Of(1, Rows.Day(ManualClock.Today.AddDays(d)) + hour));
        await ledger.AddAsync(Rows.Batch([.. rows.Select(r => r with { Duration = new() { [1] = 1 } })]), default);
        await ledger.AddAsync(Rows.Batch(Rows.Of(1, Rows.Today - (31 * 24), Rows.OtherKey) with { Once = "resp_1" }), default);

        await rig.DeleteOldAsync("30d");

        // It is noon: the day 30 days ago has not ended 30 days ago.
        var first = Rows.Today - (30 * 24);
        var days = (await ledger.ReadAsync(All, default)).Select(r => r.What.Hour).ToArray();
        Assert.Equal((31, first), (days.Length, days.Min()));
        Assert.Equal(first, (await ledger.ReadLatencyAsync(All, default)).Min(r => r.What.Hour));
        Assert.Equal(first, await rig.NumberAsync("SELECT min(hour) FROM usage_hour"));
        Assert.Equal(62, await rig.NumberAsync("SELECT COUNT(*) FROM usage_hour"));
        Assert.False(await ledger.KnowsKeyAsync(Rows.OtherKey, default));
        Assert.True(await ledger.KnowsKeyAsync(Rows.Key, default));
        // What was counted is still not counted again.
        await ledger.AddAsync(Rows.Batch(Rows.Of(1, key: Rows.OtherKey) with { Once = "resp_1" }), default);
        Assert.False(await ledger.KnowsKeyAsync(Rows.OtherKey, default));
    }

    [Theory, OnEachDatabase]
    public async Task Batches_OfAMonth_AreKnownAndOlderOnesForgotten(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        var batch = Rows.Batch(Rows.Of(1));
        await ledger.AddAsync(batch, default);

        rig.Clock.Advance(TimeSpan.FromDays(30));
        await rig.DeleteOldAsync("1d");
        Assert.False(await ledger.AddAsync(batch, default));

        rig.Clock.Advance(TimeSpan.FromDays(6));
        await rig.DeleteOldAsync(null);
        Assert.Equal(0, await rig.NumberAsync("SELECT COUNT(*) FROM usage_batch"));
    }
}
