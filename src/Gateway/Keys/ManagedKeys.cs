using System.Text.Json;
using OpenAIProxy.Gateway.Access;

namespace OpenAIProxy.Gateway.Keys;

/// <summary>
/// Puts the billing service's access keys in force, and each change of them as soon as it is known. While that service is away the last ones
/// hold, also those on disk at the start.
/// </summary>
internal sealed partial class ManagedKeys(
    ManagedKeySettings settings, SnapshotClient client, AccessRules rules, TimeProvider time, ILogger<ManagedKeys> logger) : BackgroundService
{
    /// <summary>How long the start waits for the first keys if none are on disk: a caller with a good key must not be refused for being early.</summary>
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(2);

    // A change must be in force within 2 s.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>How long keys must have been out of reach to be worth a line: a restart takes less.</summary>
    private static readonly TimeSpan Worth = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? _version;
    private long? _awaySince;
    private bool _isAwayLogged;
    private bool _isUnkeptLogged;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var isKnown = TryLoad();
        await base.StartAsync(cancellationToken);
        if (!isKnown)
        {
            await Task.WhenAny(_first.Task, Task.Delay(FirstPatience, cancellationToken));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var answer = await client.AskAsync(_version, stoppingToken);
            var failure = answer.Failure ?? (answer.Snapshot is { } snapshot ? Take(snapshot) : null);
            if (failure is null)
            {
                Back();
            }

            _first.TrySetResult();
            if (failure is not null)
            {
                Away(failure);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    // True if keys are in force.
    private bool TryLoad()
    {
        try
        {
            if (SnapshotFile.Read(settings.File) is not { } kept)
            {
                return false;
            }

            var snapshot = Snapshot.Read(kept);
            rules.ReplaceManaged(snapshot.Keys);
            // Its version is not said to be known: of a file that somebody put back from a backup it would be wrong.
            LogLoaded(logger, snapshot.Keys.Count);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
            LogDamaged(logger, settings.File, e.Message);
            return false;
        }
    }

    // What is wrong with it; null if it is in force.
    private string? Take(byte[] body)
    {
        Snapshot snapshot;
        try
        {
            snapshot = Snapshot.Read(body);
        }
        catch (JsonException)
        {
            return "its answer is no snapshot of access keys";
        }

        rules.ReplaceManaged(snapshot.Keys);
        _version = snapshot.Version;
        LogTaken(logger, snapshot.Version, snapshot.Keys.Count);
        if (snapshot.Refused > 0)
        {
            LogRefused(logger, snapshot.Refused);
        }

        Keep(body);
        return null;
    }

    private void Keep(byte[] body)
    {
        try
        {
            SnapshotFile.Write(settings.File, body);
            _isUnkeptLogged = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_isUnkeptLogged)
            {
                _isUnkeptLogged = true;
                LogUnkept(logger, settings.File, e.Message);
            }
        }
    }

    private void Away(string reason)
    {
        _awaySince ??= time.GetTimestamp();
        if (!_isAwayLogged && time.GetElapsedTime(_awaySince.Value) >= Worth)
        {
            _isAwayLogged = true;
            LogAway(logger, reason);
        }
    }

    private void Back()
    {
        _awaySince = null;
        if (_isAwayLogged)
        {
            _isAwayLogged = false;
            LogBack(logger);
        }
    }

    [LoggerMessage(2701, LogLevel.Debug, "Access keys of version {Version} are in force: {Count} keys made at run time.")]
    private static partial void LogTaken(ILogger logger, long version, int count);

    [LoggerMessage(2702, LogLevel.Debug, "The last {Count} access keys made at run time are in force, from disk, until the billing service answers.")]
    private static partial void LogLoaded(ILogger logger, int count);

    [LoggerMessage(2703, LogLevel.Warning,
        "The access keys on disk ({File}) can't be used ({Message}). Until the billing service answers, no key made at run time opens this gateway.")]
    private static partial void LogDamaged(ILogger logger, string file, string message);

    [LoggerMessage(2704, LogLevel.Warning,
        "The billing service doesn't tell the access keys made at run time ({Reason}). The last ones hold; changes since then, such as revoked "
        + "keys, are not known here.")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(2705, LogLevel.Information, "The billing service tells the access keys made at run time again.")]
    private static partial void LogBack(ILogger logger);

    [LoggerMessage(2706, LogLevel.Error,
        "{Count} access keys made at run time have rules that this release of the gateway doesn't know. They open nothing here; update the gateway.")]
    private static partial void LogRefused(ILogger logger, int count);

    [LoggerMessage(2707, LogLevel.Warning,
        "The access keys made at run time can't be kept on disk ({File}: {Message}). Started while the billing service is away, this gateway won't know them.")]
    private static partial void LogUnkept(ILogger logger, string file, string message);
}
