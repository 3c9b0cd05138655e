namespace OpenAIProxy.BillingService.Reports;

/// <summary>Looks at the price file now and then, so that a mistake in it is known before somebody asks for a report.</summary>
internal sealed class PriceWatch(PricesInForce prices, PriceSettings settings, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.File is null)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            prices.Look(thoroughly: true);
        }
    }
}
