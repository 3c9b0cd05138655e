namespace OpenAIProxy.Gateway.Billing;

/// <summary>
/// Asks the billing service whether it is alive. Only where one is configured. Whoever asks while a question is under way waits for the same
/// answer: a service that has much to do is not asked by each query that waits for it.
/// </summary>
internal sealed class BillingProbe(BillingServiceSettings settings, BillingDial dial, TimeProvider time) : IDisposable
{
    private const string Silent = "The billing service does not answer";

    // Longer than any caller waits: only a probe that all callers left lasts that long.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private readonly Uri _address = new(settings.Address!.ToString().TrimEnd('/') + "/health/live");
    private readonly HttpMessageInvoker _client = new(BillingConnections.CreateUntraced(dial));
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private Task<string?>? _running;

    /// <summary>What is wrong with it, in one line; null if it answers.</summary>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellationToken"/>.</exception>
    public async Task<string?> AskAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var running = Join();
        try
        {
            return await running.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return Silent;
        }
        finally
        {
            if (!running.IsCompleted)
            {
                Leave(running);
            }
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
        _client.Dispose();
    }

    private Task<string?> Join()
    {
        lock (_lock)
        {
            if (_running is null or { IsCompleted: true })
            {
                _running = SendAsync();
            }

            return _running;
        }
    }

    // A probe that one caller gave up is not shared any more: its connection may be broken, and too little is left of its time.
    private void Leave(Task<string?> running)
    {
        lock (_lock)
        {
            if (_running == running)
            {
                _running = null;
            }
        }
    }

    private async Task<string?> SendAsync()
    {
        try
        {
            using var longest = new CancellationTokenSource(Longest, time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, longest.Token);
            using var request = new HttpRequestMessage(HttpMethod.Get, _address);
            using var answer = await _client.SendAsync(request, limit.Token);
            return answer.IsSuccessStatusCode ? null : $"The billing service reports a problem (status {(int)answer.StatusCode})";
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return Silent;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return "The billing service can't be reached";
        }
    }
}
