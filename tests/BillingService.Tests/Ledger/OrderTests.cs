using System.Text;
using OpenAIProxy.BillingService.Ledger;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>Both databases sort alike, by the names' bytes: reports group rows while they pass.</summary>
public sealed class OrderTests(Postgres postgres)
{
    private static readonly string[] Models = ["b", "a", "B", "ä", "Z-1", "_", "", "\uE000", "\U0001F600", "a-b", "a b"];

    [Theory, OnEachDatabase]
    public async Task Rows_ComeInTheOrderThatIsAskedFor(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        await ledger.AddAsync(
            Rows.Batch([.. from model in Models from hour in (long[])[Rows.Today, Rows.Today - 24]
                select Rows.Of(1, hour, model: model) with { Duration = new() { [3] = 1 } }]), default);
        var query = new LedgerQuery(null, ManualClock.Today.AddDays(-1), ManualClock.Today.AddDays(1), ByKey: true, ByEndpoint: true);
        var sorted = Models.OrderBy(model => Convert.ToHexString(Encoding.UTF8.GetBytes(model)), StringComparer.Ordinal).ToArray();

        var byDay = await ledger.RowsAsync(query with { ByDay = true, ByModel = true }, default).Select(r => (r.What.Hour, r.What.Model)).ToArrayAsync();
        var times = await ledger.TimesAsync(query with { ByDay = true, ByModel = true }, default).Select(r => (r.What.Hour, r.What.Model)).ToArrayAsync();
        var byModel = await ledger.RowsAsync(query with { ByModel = true }, default).Select(r => r.What.Model).ToArrayAsync();

        Assert.Equal([.. sorted.Select(m => (Rows.Today - 24, m)), .. sorted.Select(m => (Rows.Today, m))], byDay);
        Assert.Equal(byDay, times);
        Assert.Equal(sorted.SelectMany(m => (string[])[m, m]), byModel);
    }
}
