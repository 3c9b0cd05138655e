using System.Text.Json;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>Where counts are written, each is where it always was: gateways, ledgers and sheets of other releases know them by name or place.</summary>
public sealed class CountTests(Postgres postgres)
{
    [Fact]
    public void Batch_AsJson_HasTheSameBytesInEachRelease()
    {
        var row = Rows.Of(1, hour: 492_408) with { Once = "resp_1", Duration = new() { [12] = 3 }, FirstToken = new() { [7] = 3 } };
        var batch = new UsageBatch(Guid.Parse("019a0b1c-2d3e-7f40-8152-637485960718"), [row]);

        Assert.Equal(
            """
            {"id":"019a0b1c-2d3e-7f40-8152-637485960718","rows":[
            {"what":{"hour":492408,"key":"key_8fa3aab2faa9b79e0a0398da","model":"gpt-5.2","requestedModel":"","endpoint":"chat",
            "tier":"default","region":"","unit":"tokens"},
            "counts":{"requests":1,"errors":2,"cut":3,"input":4,"cachedInput":5,"cacheWrite":6,"cacheWrite12h":16,"audioInput":7,
            "cachedAudioInput":8,"imageInput":9,"cachedImageInput":10,"output":11,"reasoningOutput":12,"audioOutput":13,"imageOutput":14,
            "quantity":15},"once":"resp_1","duration":{"12":3},"firstToken":{"7":3}}]}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(batch, ContractsJson.Default.UsageBatch));
        Assert.Equal("{}", JsonSerializer.Serialize(new UsageCounts(), ContractsJson.Default.UsageCounts));
    }

    [Fact]
    public void Counter_OfEachKind_IsThereOnceAndHasItsProperty()
    {
        var kinds = Enum.GetValues<CountKind>();

        Assert.Equal(kinds, Counter.All.Select(counter => counter.Kind).Order());
        Assert.Equal(UsageCounts.Kinds, kinds.Length);
        foreach (var kind in kinds)
        {
            var counts = new UsageCounts { [kind] = 7 };
            Assert.Equal(7L, typeof(UsageCounts).GetProperty(kind.ToString())!.GetValue(counts));
            Assert.NotEqual(new UsageCounts(), counts);
            Assert.Equal(counts, counts with { });
        }
    }

    [Theory, OnEachDatabase]
    public async Task Columns_OfANewLedger_HoldTheCountsOfTheirName(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        await (await rig.OpenAsync()).AddAsync(Rows.Batch(Rows.Of(1)), default);
        string[] columns =
        [
            "requests", "errors", "cut", "input", "cached_input", "cache_write", "audio_input", "cached_audio_input", "image_input",
            "cached_image_input", "output", "reasoning_output", "audio_output", "image_output", "quantity", "cache_write_12h",
        ];

        foreach (var table in (string[])["usage_hour", "usage_day"])
        {
            for (var i = 0; i < columns.Length; i++)
            {
                Assert.Equal(i + 1, await rig.NumberAsync($"SELECT MAX({columns[i]}) FROM {table}"));
            }
        }
    }
}
