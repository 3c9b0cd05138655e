using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Ledger.Writing;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>The histograms.</summary>
public sealed class LatencyTests(Postgres postgres)
{
    private static readonly LedgerQuery All = new(null, ManualClock.Today.AddDays(-1), ManualClock.Today.AddDays(1), ByKey: false, ByEndpoint: false);

    [Theory, OnEachDatabase]
    public async Task Histograms_OfOneDayAndModel_AreMerged(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        await ledger.AddAsync(
            Rows.Batch(
                Timed(new() { [0] = 1, [20] = 2 }, new() { [3] = 1 }),
                Timed(new() { [20] = 4 }, new() { [4] = 1 }, hour: Rows.Today + 3),
                Timed(new() { [20] = 1 }, null, model: "o4-mini")),
            default);
        await ledger.AddAsync(
            Rows.Batch(
                Timed(new() { [20] = 8, [97] = 5_000_000_000 }, new() { [3] = 2 }, key: Rows.OtherKey, endpoint: "responses"),
                Timed(new() { [1] = 1 }, null, hour: Rows.Today - 1)),
            default);

        var read = (await ledger.ReadLatencyAsync(All, default)).OrderBy(r => (r.What.Hour, r.What.Model)).ToArray();

        Assert.Equal(
            [Empty(Rows.Today - 24, "gpt-5.2"), Empty(Rows.Today, "gpt-5.2"), Empty(Rows.Today, "o4-mini")],
            read.Select(r => r.What));
        Assert.Equal([new(1, 1)], read[0].Duration!);
        Assert.Equal([new(0, 1), new(20, 14), new(97, 5_000_000_000)], read[1].Duration!.OrderBy(c => c.Key));
        Assert.Equal([new(3, 3), new(4, 1)], read[1].FirstToken!.OrderBy(c => c.Key));
        Assert.Empty(read[2].FirstToken!);
        Assert.All(read, r => Assert.Equal(new UsageCounts(), r.Counts));
    }

    [Theory, OnEachDatabase]
    public async Task Histograms_ByKeyAndEndpoint_AreKeptApart(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        await ledger.AddAsync(
            Rows.Batch(
                Timed(new() { [1] = 1 }, null),
                Timed(new() { [1] = 2 }, null, endpoint: "responses"),
                Timed(new() { [1] = 4 }, null, key: Rows.OtherKey)),
            default);

        Assert.Equal([("", "", 7)], await ReadAsync(All));
        Assert.Equal([("", "chat", 5), ("", "responses", 2)], await ReadAsync(All with { ByEndpoint = true }));
        Assert.Equal([(Rows.Key, "", 3)], await ReadAsync(All with { Key = Rows.Key }));
        Assert.Equal(
            new[] { (Rows.Key, "", 3L), (Rows.OtherKey, "", 4L) }.Order(),
            (await ReadAsync(All with { ByKey = true })).Order());

        async Task<IEnumerable<(string Key, string Endpoint, long Calls)>> ReadAsync(LedgerQuery query)
            => (await ledger.ReadLatencyAsync(query, default))
                .Select(r => (r.What.Key, r.What.Endpoint, r.Duration![1])).OrderBy(r => r.Endpoint, StringComparer.Ordinal);
    }

    [Fact]
    public void Histogram_Packed_IsTheSameUnpacked()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var calls = Enumerable.Range(0, LatencyBuckets.Last + 1).Where(_ => random.Next(3) == 0)
                .ToDictionary(bucket => bucket, _ => random.NextInt64((1L << 60) >> random.Next(60)) + 1);
            var buckets = new long[LatencyBuckets.Last + 1];
            foreach (var (bucket, count) in calls)
            {
                buckets[bucket] = count;
            }

            var unpacked = new long[LatencyBuckets.Last + 1];
            Assert.True(PackedHistogram.TryAddTo(unpacked, PackedHistogram.Pack(buckets)));

            Assert.Equal(buckets, unpacked);
        }
    }

    private static UsageDimensions Empty(long hour, string model) => new(hour, "", model, "", "", "", "", 0, "", false);

    private static UsageRow Timed(
        Dictionary<int, long> duration, Dictionary<int, long>? firstToken, long? hour = null, string? key = null, string model = "gpt-5.2",
        string endpoint = "chat")
        => Rows.Of(1, hour, key, model, endpoint) with { Duration = duration, FirstToken = firstToken };
}
