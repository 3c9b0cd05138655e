namespace OpenAIProxy.BillingService.Tests;

/// <summary>A billing service in front of the simulator; one for all tests of a class.</summary>
public sealed class SimulatorRig : IAsyncLifetime
{
    public SimulatorHost Simulator { get; private set; } = null!;

    public BillingHost Billing { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Simulator = await SimulatorHost.StartAsync();
        Billing = await BillingHost.StartAsync(Simulator.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await Billing.DisposeAsync();
        await Simulator.DisposeAsync();
    }
}
