namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>Several gateways share a folder for their journals, and tell one billing service.</summary>
[Collection(nameof(MeteredApp))]
public sealed class TwoGatewaysTests
{
    private const int Rounds = 3;

    [Fact]
    public async Task Ledger_OfTwoGatewaysOfWhichOneIsKilled_HasTheCallsOfBoth()
    {
        await using var app = await MeteredApp.StartAsync(keys: 2, gateways: 2);
        await using var load = Load.Start(app, seed: 2);
        for (var round = 0; round < Rounds; round++)
        {
            await Task.Delay(500);
            await app.Gateways[round % 2].KillAsync();
            await app.Gateways[round % 2].StartAsync();
        }

        await load.StopAsync();

        await app.AssertLedgerAsync(load.Compare);
        await app.AssertNoSecretsAsync();
    }
}
