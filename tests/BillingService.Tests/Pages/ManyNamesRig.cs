using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Pages;

/// <summary>A billing service with <see cref="ManyNames"/> in its ledger.</summary>
public sealed class ManyNamesRig : IAsyncLifetime
{
    public BillingHost Billing { get; private set; } = null!;

    public Uri Page => new(Billing.Address, "/usage");

    public async ValueTask InitializeAsync()
    {
        Billing = await UsageRig.StartAsync(BillingHost.InternalToken);
        var now = Billing.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var rows = ManyNames.Rows();
        await Billing.TellAsync(ManyNames.Roster());
        await Billing.ReportAsync([.. rows]);
        await Billing.ReportAsync(
            [rows[0]], [.. rows.TakeLast(30).Append(rows[0]).Select((row, i) => new RecentCall(now - (1_000 * i), 800 + i, i % 7 == 0 ? 429 : 200, [row]))]);
    }

    public ValueTask DisposeAsync() => Billing.DisposeAsync();
}
