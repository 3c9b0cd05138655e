using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>The window of a background response, of which the gateway that counts it may know nothing.</summary>
public sealed class CompletionWindowTests(Postgres postgres)
{
    private static readonly LedgerQuery All = new(null, ManualClock.Today, ManualClock.Today.AddDays(1), ByKey: true, ByEndpoint: true);

    [Theory, OnEachDatabase]
    public async Task Response_WhoseWindowWasMarkedBefore_IsInItsTier(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        await (await rig.OpenAsync()).AddAsync(Rows.Batch(Mark("resp_1", ServiceTier.Window8h), Mark("resp_2", ServiceTier.Window2h)), default);
        // Another service, hours later.
        var ledger = await rig.OpenAsync();
        await ledger.AddAsync(Rows.Batch(Response("resp_2"), Response("resp_1"), Response("resp_1"), Response("resp_3")), default);
        await ledger.AddAsync(Rows.Batch(Response("resp_1")), default);

        Assert.Equal([("2h", 1L), ("8h", 1L), ("default", 1L)], await TiersAsync(ledger));
    }

    [Theory, OnEachDatabase]
    public async Task Response_WhoseWindowIsMarkedInTheSameBatch_IsInItsTier(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        await ledger.AddAsync(Rows.Batch(Response("resp_1"), Mark("resp_1", ServiceTier.Window8h)), default);

        Assert.Equal([("8h", 1L)], await TiersAsync(ledger));
    }

    // The window is one of the standard tier, and of the answering model's tokens.
    [Theory, OnEachDatabase]
    public async Task Rows_OfAnotherTierOrUnit_StayInTheirs(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        await ledger.AddAsync(Rows.Batch(Mark("resp_1", ServiceTier.Window8h)), default);
        await ledger.AddAsync(
            Rows.Batch(
                Response("resp_1", ServiceTier.Flex), Response("resp_1 image_generation"), Response("resp_1", unit: UsageUnit.FileSearch),
                Response(null)),
            default);

        Assert.Equal([("default", 3L), ("flex", 1L)], await TiersAsync(ledger));
    }

    private static UsageRow Mark(string id, string tier)
    {
        var row = Rows.Of(0, unit: UsageUnit.Free);
        return row with { What = row.What with { Tier = tier }, Once = CompletionWindow.Mark(id, tier) };
    }

    private static UsageRow Response(string? id, string tier = ServiceTier.Default, string unit = UsageUnit.Tokens)
    {
        var row = Rows.Of(1, unit: unit);
        return row with { What = row.What with { Tier = tier }, Once = id };
    }

    private static async Task<IEnumerable<(string Tier, long Requests)>> TiersAsync(UsageLedger ledger)
        => (await ledger.ReadAsync(All, default)).Where(row => row.What.Unit != UsageUnit.Free)
            .GroupBy(row => row.What.Tier, row => row.Counts.Requests).Select(group => (group.Key, group.Sum())).Order();
}
