using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>Many who write at once, and writes that fail half-way.</summary>
public sealed class SharedLedgerTests(Postgres postgres)
{
    private static readonly LedgerQuery All = new(null, ManualClock.Today, ManualClock.Today.AddDays(1), ByKey: true, ByEndpoint: false);

    [Theory, OnEachDatabase]
    public async Task Batches_OfManyGatewaysToTwoServices_AreAllAddedOnce(LedgerKind kind)
    {
        const int gateways = 8;
        const int batches = 12;
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        UsageLedger[] services = [await rig.OpenAsync(), await rig.OpenAsync()];
        string[] keys = [.. Enumerable.Range(0, 5).Select(i => KeyId.Of($"key {i}").Value)];

        var taken = await Task.WhenAll(Enumerable.Range(0, gateways).Select(gateway => Task.Run(async () =>
        {
            var random = new Random(gateway);
            var count = 0;
            for (var b = 0; b < batches; b++)
            {
                // In any order, so that rows would be locked in any order.
                var rows = keys.SelectMany(key => Enumerable.Range(0, 4).Select(m => Rows.Of(1, key: key, model: $"model {b / 4}.{m}")));
                var batch = Rows.Batch([.. rows.OrderBy(_ => random.Next()), Rows.Of(1, model: "once") with { Once = $"resp_{b}" }]);
                // To both, as a gateway does that was cut off before the first one answered.
                var both = await Task.WhenAll(services.Select(service => service.AddAsync(batch, default)));
                count += both.Count(added => added);
            }

            return count;
        })));

        var read = await services[0].ReadAsync(All, default);

        Assert.All(taken, count => Assert.Equal(batches, count));
        Assert.Equal((keys.Length * 12) + 1, read.Count);
        Assert.All(read.Where(r => r.What.Model != "once"), r => Assert.Equal(Rows.Of(gateways * 4).Counts, r.Counts));
        Assert.Equal(batches, read.Single(r => r.What.Model == "once").Counts.Requests);
        Assert.Equal(gateways * batches, await rig.NumberAsync("SELECT COUNT(*) FROM usage_batch"));
    }

    [Theory, OnEachDatabase]
    public async Task Batch_ThatFailsHalfWay_LeavesNothingAndIsTakenLater(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        await ledger.AddAsync(Rows.Batch(Rows.Of(1)), default);
        var batch = Rows.Batch(Rows.Of(2), Rows.Of(4, model: "new"), Rows.Of(8, model: "seen") with { Once = "resp_1" });

        // The hours are written before the days.
        await rig.ExecuteAsync("ALTER TABLE usage_day RENAME TO usage_moved");
        await Assert.ThrowsAsync<LedgerAwayException>(() => ledger.AddAsync(batch, default));
        await Assert.ThrowsAsync<LedgerAwayException>(() => ledger.ReadAsync(All, default));
        var hours = await rig.NumberAsync("SELECT CAST(SUM(requests) AS bigint) FROM usage_hour");
        await rig.ExecuteAsync("ALTER TABLE usage_moved RENAME TO usage_day");

        Assert.Equal(1, hours);
        Assert.True(await ledger.AddAsync(batch, default));
        Assert.Equal([3L, 4L, 8L], (await ledger.ReadAsync(All, default)).Select(r => r.Counts.Requests).Order());
    }

    [Theory, OnEachDatabase]
    public async Task Turn_ThatEndsWithoutACommit_LeavesNothing(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        var batch = Rows.Batch(Rows.Of(1));
        await using (var transaction = await rig.Database().BeginAsync(default))
        {
            Column[] columns = [new("id", new[] { batch.Id.ToByteArray(bigEndian: true) }), new("taken", new[] { Rows.Today })];
            Assert.True(Assert.Single(await transaction.InsertNewAsync("usage_batch", columns, default)));
        }

        Assert.True(await ledger.AddAsync(batch, default));
    }

    [Theory, OnEachDatabase]
    public async Task Tables_MadeByManyServicesAtOnce_AreMadeOnce(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);

        var services = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(rig.OpenAsync)));
        foreach (var service in services)
        {
            await service.AddAsync(Rows.Batch(Rows.Of(1)), default);
        }

        Assert.Equal(4, Assert.Single(await services[0].ReadAsync(All, default)).Counts.Requests);
        Assert.Equal(Migrations.Latest, await rig.NumberAsync("SELECT COUNT(*) FROM usage_version"));
    }
}
