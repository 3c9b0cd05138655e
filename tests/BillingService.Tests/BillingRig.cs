namespace OpenAIProxy.BillingService.Tests;

/// <summary>A billing service in front of a <see cref="FakeBilling"/>.</summary>
public sealed class BillingRig : IAsyncDisposable
{
    private BillingRig(FakeBilling upstream, BillingHost billing)
    {
        Upstream = upstream;
        Billing = billing;
    }

    public FakeBilling Upstream { get; }

    public BillingHost Billing { get; }

    public static async Task<BillingRig> StartAsync(params (string Name, string Value)[] settings)
    {
        var upstream = await FakeBilling.StartAsync();
        return new BillingRig(upstream, await BillingHost.StartAsync(upstream.Address, settings));
    }

    public async ValueTask DisposeAsync()
    {
        Upstream.Release();
        await Billing.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
