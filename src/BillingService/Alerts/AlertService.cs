using OpenAIProxy.BillingService.Ledger;

namespace OpenAIProxy.BillingService.Alerts;

/// <summary>Tells alerts to the webhooks, again and again until they are taken or a day has passed. Nobody waits for it.</summary>
internal sealed partial class AlertService(AlertStore store, AlertSettings settings, WebhookSender sender, TimeProvider time, ILogger<AlertService> logger)
    : BackgroundService
{
    // From 5 seconds on, twice as long each time, at most an hour: 30 times are a day.
    private const int FirstWait = 5;
    private const int LongestWait = 3600;
    private const int MostAttempts = 30;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Looks for alerts now.</summary>
    public void Wake()
    {
        if (_wake.CurrentCount == 0)
        {
            try
            {
                _wake.Release();
            }
            catch (SemaphoreFullException)
            {
                // Somebody else woke it at the same time.
            }
        }
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Webhooks.Count == 0)
        {
            return;
        }

        while (true)
        {
            try
            {
                foreach (var alert in await store.DueAsync(stoppingToken))
                {
                    if (await store.TakeAsync(alert, stoppingToken))
                    {
                        await store.KeepAsync(await TellAsync(alert, stoppingToken), stoppingToken);
                    }
                }
            }
            catch (LedgerAwayException)
            {
                // The ledger's state says so. What was told and could not be noted is told again.
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, it must not end the process, nor the alerts behind it.
                LogBroken(logger, e);
            }

            await _wake.WaitAsync(Interval, stoppingToken);
        }
    }

    private async Task<PendingAlert> TellAsync(PendingAlert alert, CancellationToken cancellationToken)
    {
        // One that was taken out of the settings is told nothing more. All at once: one that hangs must not hold up the others.
        Webhook[] webhooks = [.. settings.Webhooks.Where(webhook => alert.Webhooks.Contains(webhook.Id))];
        var reasons = await Task.WhenAll(webhooks.Select(webhook => sender.SendAsync(webhook, alert.Alert, cancellationToken)));
        var left = new List<string>();
        foreach (var (webhook, reason) in webhooks.Zip(reasons))
        {
            if (reason is null)
            {
                continue;
            }

            if (alert.Attempts + 1 < MostAttempts)
            {
                left.Add(webhook.Id);
                LogFailed(logger, webhook, alert.Alert.Id, alert.Attempts + 1, reason);
            }
            else
            {
                LogGivenUp(logger, webhook, alert.Alert.Id, reason);
            }
        }

        var wait = Math.Min(LongestWait, FirstWait * Math.Pow(2, Math.Min(alert.Attempts, MostAttempts)));
        return alert with { Webhooks = left, Attempts = alert.Attempts + 1, Due = time.GetUtcNow().ToUnixTimeSeconds() + (long)wait };
    }

    [LoggerMessage(3501, LogLevel.Warning, "The webhook {Webhook} did not take the alert {Alert}, try {Attempt}: {Reason}. It is tried again.")]
    private static partial void LogFailed(ILogger logger, Webhook webhook, string alert, int attempt, string reason);

    [LoggerMessage(3503, LogLevel.Error, "Telling alerts failed. It goes on within seconds.")]
    private static partial void LogBroken(ILogger logger, Exception exception);

    [LoggerMessage(3502, LogLevel.Error, "The webhook {Webhook} did not take the alert {Alert} within a day: {Reason}. It is not tried again.")]
    private static partial void LogGivenUp(ILogger logger, Webhook webhook, string alert, string reason);
}
