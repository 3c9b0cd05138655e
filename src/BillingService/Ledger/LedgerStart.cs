using Npgsql;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>
/// Prepares the ledger at start. A file that can't be used stops it; a database that isn't there yet is waited for, while the service
/// answers what needs no ledger.
/// </summary>
internal sealed partial class LedgerStart(
    ILedgerDatabase database, LedgerState state, LedgerUpkeep upkeep, TimeProvider time, ILogger<LedgerStart> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    // What the log says already: each try would say it again.
    private string? _told;
    private Task<bool> _first = Task.FromResult(false);

    /// <summary>How long the service's start waits for a database that says nothing. Tests of what the database says wait longer.</summary>
    public TimeSpan FirstPatience { get; set; } = TimeSpan.FromSeconds(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _first = PrepareAsync(cancellationToken);
        // A database that refuses is known at once; one that says nothing must not hold up the start.
        await Task.WhenAny(_first, Task.Delay(database.IsLocal ? Timeout.InfiniteTimeSpan : FirstPatience, time, cancellationToken));
        if (_first.IsCompleted)
        {
            await _first;
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var ready = await Later(_first);
        for (var pause = Pause; !ready; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await Task.Delay(pause, time, stoppingToken);
            ready = await Later(PrepareAsync(stoppingToken));
        }

        await upkeep.RunAsync(stoppingToken);
    }

    private async Task<bool> PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Migrations.ApplyAsync(database, cancellationToken);
            state.Ready();
            return true;
        }
        catch (NewerLedgerException e)
        {
            state.Unready(LedgerFailure.Describe(e));
            throw new SettingsException([$"{database.Setting}: {e.Message}"]);
        }
        catch (Exception e) when (LedgerState.IsFailure(e) && database.IsLocal)
        {
            throw new SettingsException([$"{database.Setting} can't be used: {e.Message.TrimEnd('.')}. Allowed: a file in a folder that can be written."]);
        }
        catch (Exception e) when (LedgerState.IsFailure(e))
        {
            state.Unready(LedgerFailure.Describe(e));
            if (_told != e.Message)
            {
                _told = e.Message;
                LogWaiting(logger, database.Setting, e.GetType().Name, (e as PostgresException)?.MessageText ?? e.Message);
            }

            return false;
        }
    }

    // The service runs by now, and answers other things: it goes on, not well, and says why.
    private async Task<bool> Later(Task<bool> preparation)
    {
        try
        {
            return await preparation;
        }
        catch (SettingsException e)
        {
            if (_told != e.Message)
            {
                _told = e.Message;
                LogUnusable(logger, e.Message);
            }

            return false;
        }
    }

    [LoggerMessage(3103, LogLevel.Warning, "The ledger's database ({Setting}) can't be reached yet ({Exception}: {Message}). Retrying.")]
    private static partial void LogWaiting(ILogger logger, string setting, string exception, string message);

    [LoggerMessage(3104, LogLevel.Error, "The ledger can't be used. {Message}")]
    private static partial void LogUnusable(ILogger logger, string message);
}
