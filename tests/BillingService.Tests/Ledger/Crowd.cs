using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>
/// Two services with four writers each, whose batches add to the same rows, in any order. Each third batch goes to both at once, and each
/// object is seen by all.
/// </summary>
internal sealed class Crowd(UsageLedger[] services, int batches)
{
    private const int Writers = 4;
    private const int Models = 3;

    private static readonly LedgerQuery All = new(null, ManualClock.Today, ManualClock.Today.AddDays(1), ByKey: true, ByEndpoint: false);
    private static readonly string[] Keys = [.. Enumerable.Range(0, 6).Select(i => KeyId.Of($"key {i}").Value)];

    private int Batches => services.Length * Writers * batches;

    /// <summary>Sends all. A batch that isn't taken is sent again, as gateways do, if <paramref name="again"/>. Returns how many were told to be new.</summary>
    public async Task<int> SendAsync(bool again = false)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, services.Length * Writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            var count = 0;
            for (var i = 0; i < batches; i++)
            {
                var batch = Batch(random, writer, i);
                UsageLedger[] receivers = i % 3 == 0 ? services : [services[writer % services.Length]];
                var added = await Task.WhenAll(receivers.Select(service => SendAsync(service, batch, again)));
                count += added.Count(isNew => isNew);
            }

            return count;
        })));
        return counts.Sum();
    }

    /// <summary>All is there once: each batch has one call of each key and model, an object counts once whoever sees it.</summary>
    public async Task CheckAsync(LedgerRig rig)
    {
        var read = await services[0].ReadAsync(All, default);
        var models = read.Where(row => row.What.Model != "once").ToArray();
        Assert.Equal(Keys.Length * Models, models.Length);
        Assert.All(models, row => Assert.Equal(Rows.Of(Batches).Counts, row.Counts));
        Assert.Equal(batches, Assert.Single(read, row => row.What.Model == "once").Counts.Requests);
        var times = await services[0].ReadLatencyAsync(All, default);
        Assert.Equal(Keys.Length * Models, times.Count);
        Assert.All(times, row => Assert.Equal([new(5, Batches)], row.Duration!));
        var together = await services[1].ReadAsync(All with { ByKey = false }, default);
        Assert.Equal(((long)Batches * Keys.Length * Models) + batches, together.Sum(row => row.Counts.Requests));
        Assert.Equal(together.Sum(row => row.Counts.Requests), await rig.NumberAsync("SELECT CAST(SUM(requests) AS bigint) FROM usage_hour"));
        Assert.Equal(Batches, await rig.NumberAsync("SELECT COUNT(*) FROM usage_batch"));
        // Each combination has one number: of each key and model with and without key, and of their times; of the object with and without key.
        Assert.Equal((2 * Models * (Keys.Length + 1)) + 4, await rig.NumberAsync("SELECT COUNT(*) FROM usage_dims"));
    }

    private static UsageBatch Batch(Random random, int writer, int number)
    {
        var rows = Keys.SelectMany(key => Enumerable.Range(0, Models).Select(
            model => Rows.Of(1, key: key, model: $"model {model}") with { Duration = new() { [5] = 1 } }));
        return Rows.Batch([.. rows.OrderBy(_ => random.Next()), Rows.Of(1, key: Keys[0], model: "once") with { Once = $"resp_{number}" }]) with
        {
            Keys = [.. Keys.Select(key => new KeyLabel(key, $"name-{writer % 2}", "abcd")).OrderBy(_ => random.Next())],
        };
    }

    private static async Task<bool> SendAsync(UsageLedger service, UsageBatch batch, bool again)
    {
        while (true)
        {
            try
            {
                return await service.AddAsync(batch, default);
            }
            catch (LedgerAwayException) when (again)
            {
                await Task.Yield();
            }
        }
    }
}
