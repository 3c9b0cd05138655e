namespace OpenAIProxy.Gateway.Billing;

/// <summary>
/// Tells a billing service that hangs from one that is busy: a query for years is many calls of OpenAI's API, and may take minutes. A query is
/// cancelled when the service answers no health probe for <c>Billing:Timeout</c>.
/// </summary>
internal sealed class BillingWatch(BillingProbe probe, BillingServiceSettings settings, TimeProvider time)
{
    private static readonly TimeSpan LongestProbe = TimeSpan.FromSeconds(5);

    /// <summary>Cancels <paramref name="query"/> when the service hangs.</summary>
    /// <param name="query">The query's; what it cancels is the watch's doing.</param>
    /// <param name="ended">Cancelled when the query is over.</param>
    /// <returns>True if the service hangs.</returns>
    public async Task<bool> RunAsync(CancellationTokenSource query, CancellationToken ended)
    {
        var limit = settings.Timeout;
        var patience = limit / 2 < LongestProbe ? limit / 2 : LongestProbe;
        try
        {
            do
            {
                await Task.Delay(limit - patience, time, ended);
            }
            while (await probe.AskAsync(patience, ended) is null);
            await query.CancelAsync();
            return true;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return false;
        }
    }
}
