using OpenAIProxy.BillingService.Telemetry;

namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>
/// What in the ledger can't be read, such as a histogram that a failing disk or another program has changed: left out, counted
/// (<c>openaiproxy.billing.ledger.damaged</c>), and said once, so that the rest can be used.
/// </summary>
internal sealed partial class LedgerDamage(ILogger<LedgerDamage> logger)
{
    private int _isSaid;

    /// <summary>A row's times can't be read.</summary>
    public void Found(DateOnly day)
    {
        BillingTelemetry.DamagedRows.Add(1);
        if (Interlocked.Exchange(ref _isSaid, 1) == 0)
        {
            LogFound(logger, day);
        }
    }

    [LoggerMessage(3109, LogLevel.Error,
        "A row of usage_latency of {Day} can't be read; percentiles are computed without it. Counts and costs are not affected. Logged once; the metric "
        + "openaiproxy.billing.ledger.damaged counts every such row.")]
    private static partial void LogFound(ILogger logger, DateOnly day);
}
