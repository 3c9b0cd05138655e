namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>Whatever is killed at whatever moment, the ledger is true afterwards.</summary>
[Collection(nameof(MeteredApp))]
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Rounds = 20;

    [Fact]
    public async Task Ledger_WhileGatewayAndBillingAreKilledTimeAndAgain_LosesNothingAndCountsNothingTwice()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        output.WriteLine($"Seed {seed}");
        await using var app = await MeteredApp.StartAsync(keys: 3);
        await using var load = Load.Start(app, seed);
        for (var round = 0; round < Rounds; round++)
        {
            await Task.Delay(random.Next(100, 800));
            switch (round % 3)
            {
                case 0:
                    await app.Gateway.KillAsync();
                    await app.Gateway.StartAsync();
                    break;
                case 1:
                    await load.SettledAsync();
                    var before = load.Failures;
                    await app.Billing.KillAsync();
                    await app.Billing.StartAsync();
                    Assert.True(load.Failures == before, $"Calls failed because the billing service was away. Round {round}.{Environment.NewLine}{app.Logs()}");
                    break;
                default:
                    Service[] both = random.Next(2) == 0 ? [app.Gateway, app.Billing] : [app.Billing, app.Gateway];
                    await both[0].KillAsync();
                    await Task.Delay(random.Next(100));
                    await both[1].KillAsync();
                    await Task.WhenAll(both.Select(s => s.StartAsync()));
                    break;
            }
        }

        await load.StopAsync();
        output.WriteLine($"{load.Total()}");
        await app.AssertLedgerAsync(load.Compare);
        await app.AssertNoSecretsAsync();
    }
}
