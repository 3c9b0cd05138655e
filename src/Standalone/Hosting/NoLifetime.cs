namespace OpenAIProxy.Standalone.Hosting;

/// <summary>Signals are for the gateway alone: the billing service ends after it, when all usage has been shipped.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
