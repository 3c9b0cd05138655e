using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>What goes into a ledger comes out of it, the same in both databases.</summary>
public sealed class LedgerTests(Postgres postgres)
{
    private static readonly DateOnly Today = ManualClock.Today;
    private static readonly LedgerQuery All = new(null, Today.AddDays(-90), Today.AddDays(1), ByKey: false, ByEndpoint: false);

    [Theory, OnEachDatabase]
    public async Task Batch_OfOneRow_ComesOutAsItWentIn(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        var what = new UsageDimensions(Rows.Today + 13, Rows.Key, "gpt-5.2-2025-12-11", "gpt-5.2", "responses", "flex", "eu", 272_000, "tokens", true);
        var row = new UsageRow(what, Rows.Of(1_000_000_000_000).Counts);

        var added = await ledger.AddAsync(Rows.Batch(row), default);
        var read = Assert.Single(await ledger.ReadAsync(All with { ByKey = true, ByEndpoint = true }, default));

        Assert.True(added);
        Assert.Equal(what with { Hour = Rows.Today }, read.What);
        Assert.Equal(row.Counts, read.Counts);
    }

    [Theory, OnEachDatabase]
    public async Task Batch_SentAgain_AddsNothing(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        var batch = Rows.Batch(Rows.Of(3));

        Assert.True(await ledger.AddAsync(batch, default));
        Assert.False(await ledger.AddAsync(batch, default));
        // Whatever is in it by now, and after a restart as well.
        Assert.False(await (await rig.OpenAsync()).AddAsync(batch with { Rows = [Rows.Of(5)] }, default));

        Assert.Equal(Rows.Of(3).Counts, Assert.Single(await ledger.ReadAsync(All, default)).Counts);
    }

    [Theory, OnEachDatabase]
    public async Task Batch_WithoutRows_IsTaken(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        var batch = Rows.Batch();

        Assert.True(await ledger.AddAsync(batch, default));
        Assert.False(await ledger.AddAsync(batch, default));
        Assert.Empty(await ledger.ReadAsync(All, default));
    }

    [Theory, OnEachDatabase]
    public async Task Rows_OfOneDay_AreAddedUpAcrossHoursAndBatches(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        await ledger.AddAsync(Rows.Batch(Rows.Of(1), Rows.Of(2), Rows.Of(4, Rows.Today + 23)), default);
        await ledger.AddAsync(Rows.Batch(Rows.Of(8), Rows.Of(16, Rows.Today - 1), Rows.Of(32, model: "o4-mini")), default);

        var read = await ledger.ReadAsync(All, default);

        Assert.Equal(
            [(Rows.Today - 24, "gpt-5.2", 16L), (Rows.Today, "gpt-5.2", 15L), (Rows.Today, "o4-mini", 32L)],
            read.Select(r => (r.What.Hour, r.What.Model, r.Counts.Requests)).Order());
        Assert.All(read, r => Assert.Equal(Rows.Of(r.Counts.Requests).Counts, r.Counts));
        Assert.Equal(63, await rig.NumberAsync("SELECT CAST(SUM(requests) AS bigint) FROM usage_hour"));
        Assert.Equal(4, await rig.NumberAsync("SELECT COUNT(*) FROM usage_hour"));
    }

    [Theory, OnEachDatabase]
    public async Task Query_ByKeyAndEndpoint_KeepsApartWhatItIsToldTo(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        await ledger.AddAsync(
            Rows.Batch(Rows.Of(1), Rows.Of(2, key: Rows.OtherKey), Rows.Of(4, endpoint: "responses"), Rows.Of(8, key: UsageDimensions.Anonymous)), default);

        Assert.Equal([("", "", 15)], await ReadAsync(All));
        Assert.Equal([("", "chat", 11), ("", "responses", 4)], await ReadAsync(All with { ByEndpoint = true }));
        Assert.Equal(
            [(UsageDimensions.Anonymous, "", 8), (Rows.Key, "", 5), (Rows.OtherKey, "", 2)],
            (await ReadAsync(All with { ByKey = true })).OrderByDescending(r => r.Requests));
        Assert.Equal([(Rows.Key, "", 5)], await ReadAsync(All with { Key = Rows.Key }));
        Assert.Equal([(Rows.Key, "chat", 1), (Rows.Key, "responses", 4)], await ReadAsync(All with { Key = Rows.Key, ByKey = true, ByEndpoint = true }));
        Assert.Empty(await ReadAsync(All with { Key = "key_000000000000000000000000" }));

        async Task<IEnumerable<(string Key, string Endpoint, long Requests)>> ReadAsync(LedgerQuery query)
            => (await ledger.ReadAsync(query, default)).Select(r => (r.What.Key, r.What.Endpoint, r.Counts.Requests))
                .OrderBy(r => r.Endpoint, StringComparer.Ordinal);
    }

    [Theory, OnEachDatabase]
    public async Task Query_OfAWindow_HasItsFirstDayAndNotItsEnd(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        await ledger.AddAsync(Rows.Batch([.. Enumerable.Range(-3, 7).Select(d => Rows.Of(1, Rows.Day(Today.AddDays(d)) + 5))]), default);

        var read = await ledger.ReadAsync(All with { Start = Today.AddDays(-1), End = Today.AddDays(2) }, default);

        Assert.Equal([Rows.Today - 24, Rows.Today, Rows.Today + 24], read.Select(r => r.What.Hour).Order());
    }

    [Theory, OnEachDatabase]
    public async Task Key_IsKnown_WithItsFirstUsage(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();

        Assert.False(await ledger.KnowsKeyAsync(Rows.Key, default));
        await ledger.AddAsync(Rows.Batch(Rows.Of()), default);

        Assert.True(await ledger.KnowsKeyAsync(Rows.Key, default));
        Assert.False(await ledger.KnowsKeyAsync(Rows.OtherKey, default));
        Assert.False(await ledger.KnowsKeyAsync("", default));
    }

    [Theory, OnEachDatabase]
    public async Task Ledger_AfterARestart_HoldsWhatItHeldAndGoesOn(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        await (await rig.OpenAsync()).AddAsync(Rows.Batch(Rows.Of(1)), default);

        var ledger = await rig.OpenAsync();
        await ledger.AddAsync(Rows.Batch(Rows.Of(2)), default);

        Assert.Equal(3, Assert.Single(await ledger.ReadAsync(All, default)).Counts.Requests);
    }

    [Theory, OnEachDatabase]
    public async Task Names_OfAnyText_ComeOutAsTheyWentIn(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        string[] models = ["", "'; DROP TABLE usage_day; --", "模型 🤖", "a", "A", "ft:gpt-4o:acme:name:1 ", new string('\u4e00', 128)];
        await ledger.AddAsync(Rows.Batch([.. models.Select(m => Rows.Of(model: m)), Rows.Of(model: "nul\0l")]), default);

        var read = await ledger.ReadAsync(All, default);

        Assert.Equal(models.Append("nul\uFFFDl").Order(StringComparer.Ordinal), read.Select(r => r.What.Model).Order(StringComparer.Ordinal));
    }
}
