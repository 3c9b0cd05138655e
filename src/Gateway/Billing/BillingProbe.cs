using OpenAIProxy.Gateway.Configuration;

namespace OpenAIProxy.Gateway.Billing;

/// <summary>Asks the billing service whether it is alive. Only where one is configured.</summary>
internal sealed class BillingProbe(GatewaySettings settings) : IDisposable
{
    private readonly Uri _address = new(settings.Billing!.ToString().TrimEnd('/') + "/health/live");

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ActivityHeadersPropagator = null,
    });

    /// <summary>What is wrong with it, in one line; null if it answers.</summary>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellationToken"/>.</exception>
    public async Task<string?> AskAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _address);
            using var answer = await _client.SendAsync(request, limit.Token);
            return answer.IsSuccessStatusCode ? null : $"The billing service is not well (status {(int)answer.StatusCode})";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "The billing service does not answer";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return "The billing service can't be reached";
        }
    }

    public void Dispose() => _client.Dispose();
}
