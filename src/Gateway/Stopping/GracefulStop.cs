using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Hosting.Server;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Listening;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Stopping;

/// <summary>
/// Ends the server before anything else of the host is stopped: no new connections, idle ones closed, and time for the answers in progress.
/// What takes longer is cut. The services that stop afterwards, the journal and its shipping above all, keep the time that is theirs.
/// </summary>
internal sealed partial class GracefulStop(
    IServer server, OpenConnections connections, CallObservers observers, ForwardingSettings settings, IHostApplicationLifetime lifetime,
    TimeProvider time, ILogger<GracefulStop> logger) : IHostedLifecycleService, IDisposable
{
    /// <summary>
    /// What the host needs beside <c>Forwarding:DrainTimeout</c>: <see cref="CutLimit"/> twice for what was cut, and the limits of the services
    /// that stop later (3 s for the chat log, 10 s for shipping usage, 6 s for telemetry).
    /// </summary>
    public static readonly TimeSpan RestOfTheStop = TimeSpan.FromSeconds(30);

    // A cut request only has to notice it and to write its usage record.
    private static readonly TimeSpan CutLimit = TimeSpan.FromSeconds(5);

    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT];

    private readonly CancellationTokenSource _cut = new();
    private int _isCut;
    private bool _isDisposed;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_isDisposed)
        {
            // Stopped once more after its end.
            return;
        }

        // A host that is stopped without a signal says so only after this; readiness must know now.
        lifetime.StopApplication();
        if (connections.Count is > 0 and var open)
        {
            LogDraining(logger, open, Durations.Format(settings.DrainTimeout));
        }

        var again = Array.ConvertAll(Signals, signal => PosixSignalRegistration.Create(signal, OnSignal));
        try
        {
            await using var limit = time.CreateTimer(
                _ => Cut($"{ForwardingSettings.DrainTimeoutSetting.Name} is {Durations.Format(settings.DrainTimeout)}"), null, settings.DrainTimeout, Timeout.InfiniteTimeSpan);
            await using var hostLimit = cancellationToken.Register(() => Cut("the host's shutdown timeout is over"));
            await server.StopAsync(_cut.Token);
        }
        finally
        {
            Array.ForEach(again, registration => registration.Dispose());
        }

        await EndedAsync(connections.WhenNone());
        await EndedAsync(observers.WhenDrained());
    }

    /// <summary>Ends the drain at once: told to stop while stopping, the gateway waits for no answer any more.</summary>
    public void CutNow() => Cut("told to stop a second time");

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _isDisposed = true;
        _cut.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        // Otherwise the process would end here.
        context.Cancel = true;
        CutNow();
    }

    // The server resets the connections that are open when its token fires: no last chunk, no END_STREAM, no close frame.
    private void Cut(string reason)
    {
        if (Interlocked.Exchange(ref _isCut, 1) != 0)
        {
            return;
        }

        if (connections.Count is > 0 and var open)
        {
            LogCut(logger, open, reason);
        }

        _cut.Cancel();
    }

    private async Task EndedAsync(Task task)
        => await task.WaitAsync(CutLimit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(2211, LogLevel.Information,
        "Stopping with {Connections} connections open. New ones are refused and idle ones closed; answers in progress may take {DrainTimeout} "
        + "(Forwarding:DrainTimeout). A second signal ends them at once.")]
    private static partial void LogDraining(ILogger logger, int connections, string drainTimeout);

    [LoggerMessage(2212, LogLevel.Warning, "Cut {Connections} connections with unfinished answers: {Reason}.")]
    private static partial void LogCut(ILogger logger, int connections, string reason);
}
