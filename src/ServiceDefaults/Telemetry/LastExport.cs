using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OpenAIProxy.ServiceDefaults.Telemetry;

/// <summary>
/// Sends the rest of the telemetry when the service stops, for two seconds at most. Left to the service container the providers are disposed
/// one after the other, and each waits five seconds for a collector that doesn't answer.
/// </summary>
internal sealed class LastExport(TracerProvider traces, MeterProvider metrics, LoggerProvider logs, TimeProvider time) : IHostedService
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
        => Task.WhenAny(Task.WhenAll(DisposeAsync(traces), DisposeAsync(metrics), DisposeAsync(logs)), Task.Delay(Limit, time, cancellationToken));

    // Dispose blocks while it sends. A second one, by the container, returns at once.
    private static Task DisposeAsync(IDisposable provider) => Task.Factory.StartNew(provider.Dispose, TaskCreationOptions.LongRunning);
}
