using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>Usage of objects that are seen many times.</summary>
public sealed class OnceTests(Postgres postgres)
{
    private static readonly LedgerQuery All = new(null, ManualClock.Today, ManualClock.Today.AddDays(1), ByKey: true, ByEndpoint: false);

    [Theory, OnEachDatabase]
    public async Task Object_SeenManyTimesByAnyKey_CountsOnce(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        await ledger.AddAsync(Rows.Batch(Seen("resp_1", 1), Seen("resp_1", 2), Rows.Of(4), Seen("resp_2", 8)), default);
        await ledger.AddAsync(Rows.Batch(Seen("resp_1", 16), Seen("resp_3", 32)), default);
        await ledger.AddAsync(Rows.Batch(Seen("resp_1", 64, Rows.OtherKey), Seen("resp_4", 256, Rows.OtherKey)), default);
        await (await rig.OpenAsync()).AddAsync(Rows.Batch(Seen("resp_3", 128)), default);

        var read = await ledger.ReadAsync(All, default);

        Assert.Equal(
            [(Rows.Key, 45L), (Rows.OtherKey, 256L)],
            read.Select(r => (r.What.Key, r.Counts.Requests)).OrderBy(r => r.Requests));
    }

    [Theory, OnEachDatabase]
    public async Task Object_OfSeveralUnits_CountsEachOfThemOnce(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        for (var seen = 0; seen < 3; seen++)
        {
            await ledger.AddAsync(Rows.Batch(Seen("resp_1", 1), Seen("resp_1", 2, unit: "tool:web_search")), default);
        }

        var read = await ledger.ReadAsync(All, default);

        Assert.Equal([("tokens", 1L), ("tool:web_search", 2L)], read.Select(r => (r.What.Unit, r.Counts.Requests)).Order());
    }

    // Who looks at it again may not know which tool it was, or how large.
    [Theory]
    [InlineData(LedgerKind.Sqlite, "tool:web_search_preview", "tool:web_search")]
    [InlineData(LedgerKind.PostgreSql, "tool:web_search_preview", "tool:web_search")]
    [InlineData(LedgerKind.Sqlite, "tool:code_interpreter:4g", "tool:code_interpreter")]
    [InlineData(LedgerKind.PostgreSql, "tool:shell:64g", "tool:code_interpreter:64g")]
    [InlineData(LedgerKind.Sqlite, "tool:shell", "tool:shell:16g")]
    public async Task Object_SeenAgainAsAnotherVariant_CountsOnce(LedgerKind kind, string unit, string again)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        await ledger.AddAsync(Rows.Batch(Seen("resp_1", 1, unit: unit), Seen("resp_1", 2, unit: again)), default);
        await ledger.AddAsync(Rows.Batch(Seen("resp_1", 4, unit: again), Seen("resp_1", 8, unit: unit)), default);

        var read = await ledger.ReadAsync(All, default);

        Assert.Equal([(unit, 1L)], read.Select(r => (r.What.Unit, r.Counts.Requests)));
    }

    [Theory, OnEachDatabase]
    public async Task Object_SeenAgain_IsNotTimedAgain(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        for (var seen = 0; seen < 2; seen++)
        {
            await ledger.AddAsync(Rows.Batch(Seen("resp_1", 1) with { Duration = new() { [5] = 1 } }), default);
        }

        var latency = Assert.Single(await ledger.ReadLatencyAsync(All, default));

        Assert.Equal([new(5, 1)], latency.Duration!);
    }

    private static UsageRow Seen(string id, long n, string? key = null, string unit = "tokens") => Rows.Of(n, key: key, unit: unit) with { Once = id };
}
