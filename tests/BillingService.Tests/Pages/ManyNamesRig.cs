namespace OpenAIProxy.BillingService.Tests.Pages;

/// <summary>A billing service with <see cref="ManyNames"/> in its ledger.</summary>
public sealed class ManyNamesRig : IAsyncLifetime
{
    public BillingHost Billing { get; private set; } = null!;

    public Uri Page => new(Billing.Address, "/usage");

    public async ValueTask InitializeAsync()
    {
        Billing = await UsageRig.StartAsync(BillingHost.InternalToken);
        await Billing.ReportAsync([.. ManyNames.Rows()]);
    }

    public ValueTask DisposeAsync() => Billing.DisposeAsync();
}
