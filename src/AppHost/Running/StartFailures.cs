using Microsoft.Extensions.Hosting;

namespace OpenAIProxy.AppHost.Running;

/// <summary>
/// Says in the console why a service has ended; Aspire itself shows that in its dashboard alone. A configuration that can't be used ends
/// the app, since no new start from the dashboard would cure it. After anything else the app goes on, and the dashboard can start the
/// service again.
/// </summary>
internal sealed class StartFailures(
    ResourceNotificationService resources, ResourceLoggerService logs, IHostApplicationLifetime lifetime) : BackgroundService
{
    // As in OpenAIProxy.ServiceDefaults.Configuration.Startup.
    private const int ConfigurationError = 78;

    private static readonly TimeSpan LogLimit = TimeSpan.FromSeconds(5);

    private readonly HashSet<string> _reported = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var change in resources.WatchAsync(stoppingToken))
        {
            var snapshot = change.Snapshot;
            if (snapshot is { ExitCode: null or 0 } || lifetime.ApplicationStopping.IsCancellationRequested)
            {
                continue;
            }

            if (_reported.Add($"{change.ResourceId} {snapshot.StartTimeStamp:O}"))
            {
                await ReportAsync(change.Resource.Name, change.ResourceId, snapshot.ExitCode.Value, stoppingToken);
            }
        }
    }

    private async Task ReportAsync(string name, string id, int exitCode, CancellationToken cancellationToken)
    {
        foreach (var line in await LinesAsync(id, cancellationToken))
        {
            await Console.Error.WriteLineAsync(line);
        }

        if (exitCode != ConfigurationError)
        {
            var cure = name == Welcome.Dashboard ? "" : " The dashboard can start it again.";
            await Console.Error.WriteLineAsync($"{name} has ended with exit code {exitCode}. The rest goes on.{cure}");
            return;
        }

        await Console.Error.WriteLineAsync($"{name} can't start with this configuration. Everything is stopped.");
        Environment.ExitCode = exitCode;
        lifetime.StopApplication();
    }

    private async Task<IReadOnlyList<string>> LinesAsync(string id, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LogLimit);
        var lines = new List<string>();
        try
        {
            await foreach (var batch in logs.GetAllAsync(id).WithCancellation(limit.Token))
            {
                lines.AddRange(batch.Where(line => line.IsErrorMessage).Select(line => line.Content));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What has come so far must do.
        }

        return lines;
    }
}
