namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>A billing service that is away for long is missed by nobody, and hears of everything afterwards.</summary>
[Collection(nameof(MeteredApp))]
public sealed class BillingAwayTests(ITestOutputHelper output)
{
    // The shipper's longest wait between two tries is a sixth of this.
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Ledger_AfterBillingWasAwayUnderLoad_HasAll()
    {
        await using var app = await MeteredApp.StartAsync(keys: 3);
        await using var load = Load.Start(app, seed: 1);
        await Task.Delay(TimeSpan.FromSeconds(1));
        await app.Billing.KillAsync();
        await Task.Delay(Away);
        await app.Billing.StartAsync();
        await Task.Delay(TimeSpan.FromSeconds(1));
        await load.StopAsync();

        output.WriteLine($"{load.Total()}");
        Assert.Equal(0, load.Failures);
        await app.AssertLedgerAsync(load.Compare);
    }

    [Fact]
    public async Task Gateway_StoppedWhileBillingIsAway_TellsInItsNextLife()
    {
        await using var app = await MeteredApp.StartAsync();
        await app.Billing.KillAsync();
        using (var client = new Client(app.Gateway.Address))
        {
            Assert.Equal(Outcome.Whole, await client.CallAsync(CallKind.All[0], app.Keys[0], "only"));
        }

        await app.Gateway.StopAsync();
        await app.Billing.StartAsync();
        await app.Gateway.StartAsync();

        var rows = await app.Ledger.UntilAsync(rows => rows.Count > 0, "the call is in the ledger");
        Assert.Equal((1, Client.Prompt, Client.Completion), (rows.Single().Requests, rows.Single().Input, rows.Single().Output));
    }
}
