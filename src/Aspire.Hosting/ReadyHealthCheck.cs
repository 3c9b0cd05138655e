using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// Asks OpenAIProxy whether it is ready. Not WithHttpHealthCheck: that learns the address from an event of the resource it was given, and a
/// resource that runs as a process is represented by another one.
/// </summary>
internal sealed class ReadyHealthCheck(OpenAIProxyResource resource, IHttpClientFactory clients) : IHealthCheck
{
    // Aspire's proxy accepts connections before the process behind it does, and holds them.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!resource.PrimaryEndpoint.IsAllocated)
        {
            return HealthCheckResult.Unhealthy("It has no address yet.");
        }

        using var client = clients.CreateClient();
        client.Timeout = Limit;
        try
        {
            using var answer = await client.GetAsync(new Uri(new Uri(resource.PrimaryEndpoint.Url), "/health/ready"), cancellationToken);
            return answer.IsSuccessStatusCode ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"It answers {(int)answer.StatusCode}.");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // Without the exception: it would be logged at each try of a start.
            return HealthCheckResult.Unhealthy($"It does not answer: {e.Message}");
        }
    }
}
