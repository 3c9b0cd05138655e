using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>Several gateways and several billing services share one PostgreSQL, and its totals are exact.</summary>
[Collection(nameof(MeteredApp))]
public sealed class TwoOfEachTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Ledger_OfTwoGatewaysAndTwoBillingServicesOfWhichOneEachIsKilled_IsExactAtBoth()
    {
        await using var server = await PostgresServer.StartAsync();
        var postgres = await server.CreateDatabaseAsync();
        await using var app = await MeteredApp.StartAsync(keys: 2, gateways: 2, billings: 2, postgres: postgres);
        await Task.WhenAll(app.Ledgers.Select(l => l.ReadyAsync()));
        await using var load = Load.Start(app, seed: 3);
        await app.ShippedAsync();

        await KillOneOfEachAsync(app, postgres);
        await Task.WhenAll(app.Gateways[0].StartAsync(), app.Billings[1].StartAsync());
        await app.Ledgers[1].ReadyAsync();
        await load.SettledAsync();
        await load.StopAsync();

        output.WriteLine($"{load.Total()}");
        await app.AssertLedgerAsync(load.Compare);
        await HangGuard.Until(() => Task.WhenAll(app.Ledgers.Select(ReadAsync)), both => both[0].SequenceEqual(both[1]), "both billing services say the same");
    }

    /// <summary>Kills a gateway that does not know yet that its batch is in the ledger, and a billing service whose batch is not yet.</summary>
    private static async Task KillOneOfEachAsync(MeteredApp app, string postgres)
    {
        await using var held = await HeldLedger.HoldAsync(postgres);
        await held.WaitedForAsync(billings: 2);
        app.Gateways[0].Freeze();
        try
        {
            await app.Billings[1].KillAsync();
            await held.LetGoAsync();
        }
        finally
        {
            // The clients wait for it.
            await app.Gateways[0].KillAsync();
        }
    }

    private static async Task<IEnumerable<LedgerRow>> ReadAsync(LedgerReader ledger)
        => (await ledger.ReadAsync()).OrderBy(r => r.Key, StringComparer.Ordinal).ThenBy(r => r.Model, StringComparer.Ordinal);
}
