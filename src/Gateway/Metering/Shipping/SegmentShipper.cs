using OpenAIProxy.Gateway.Metering.Journal;

namespace OpenAIProxy.Gateway.Metering.Shipping;

/// <summary>
/// Brings the journal's segments to the billing service, and deletes each one only when it was taken. One segment is one batch with the
/// segment's id, so it may be sent again after any failure of either side.
/// </summary>
internal sealed partial class SegmentShipper(ReadySegments ready, BatchSender sender, JournalTelemetry telemetry, ILogger<SegmentShipper> logger)
    : IDisposable
{
    /// <summary>How many segments are on their way at a time.</summary>
    public const int Workers = 4;

    private const int MostDoublings = 6;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _ended = new();
    private Task[] _workers = [];
    private int _away;
    private volatile bool _givenUp;

    /// <summary>How long a stop may take.</summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(5);

    public void Start()
    {
        _workers = new Task[Workers];
        for (var i = 0; i < Workers; i++)
        {
            _workers[i] = WorkAsync();
        }
    }

    /// <summary>Ships what waits, if the billing service answers. What stays is shipped after the next start.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        ready.Complete();
        _ended.CancelAfter(StopPatience);
        await using var _ = cancellationToken.Register(_ended.Cancel);
        await _stopping.CancelAsync();
        await Task.WhenAll(_workers);
    }

    public void Dispose()
    {
        _ended.Cancel();
        _stopping.Dispose();
        _ended.Dispose();
    }

    private async Task WorkAsync()
    {
        // Not on the thread of the start.
        await Task.Yield();
        await foreach (var segment in ready.Queue.ReadAllAsync())
        {
            try
            {
                await ShipAsync(segment);
            }
            catch (OperationCanceledException)
            {
                _givenUp = true;
            }
            catch (Exception e)
            {
                // The next start finds the segment again.
                LogFailed(logger, segment.Path, e);
            }
        }
    }

    private async Task ShipAsync(ReadySegment segment)
    {
        byte[]? batch = null;
        for (var failures = 0; !_givenUp; failures++)
        {
            SendResult result;
            string reason;
            try
            {
                batch ??= BatchSender.Encode(BatchBuilder.Read(await File.ReadAllBytesAsync(segment.Path, _ended.Token)));
                (result, reason) = await sender.SendAsync(batch, _ended.Token);
            }
            catch (InvalidDataException e)
            {
                (result, reason) = (SendResult.Refused, e.Message);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                LogVanished(logger, segment.Path);
                ready.Done(segment);
                return;
            }
            catch (Exception e) when (FilesAside.IsDiskFailure(e))
            {
                (result, reason) = (SendResult.Failed, e.Message);
            }

            if (result is not SendResult.Failed)
            {
                Finish(segment, result, reason);
                return;
            }

            Failed(reason);
            if (_stopping.IsCancellationRequested)
            {
                _givenUp = true;
                return;
            }

            await Task.Delay(Wait(failures), _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Finish(ReadySegment segment, SendResult result, string reason)
    {
        try
        {
            if (result is SendResult.Refused)
            {
                LogRefused(logger, segment.Folder.MoveAside(segment.Path), reason);
                telemetry.Refused.Add(1);
            }
            else
            {
                Succeeded();
                File.Delete(segment.Path);
                telemetry.Shipped.Add(1);
            }
        }
        catch (Exception e) when (FilesAside.IsDiskFailure(e))
        {
            // It was judged; the next start finds the file and hears the same again.
            LogStuck(logger, segment.Path, e.Message);
        }

        ready.Done(segment);
    }

    private static TimeSpan Wait(int failures)
    {
        var wait = FirstWait * (1 << Math.Min(failures, MostDoublings));
        // Between half and all of it, so that the gateways don't come back all at once.
        return (wait < LongestWait ? wait : LongestWait) * (0.5 + (Random.Shared.NextDouble() / 2));
    }

    private void Succeeded()
    {
        if (Volatile.Read(ref _away) == 1 && Interlocked.Exchange(ref _away, 0) == 1)
        {
            LogBack(logger);
        }
    }

    private void Failed(string reason)
    {
        if (Interlocked.Exchange(ref _away, 1) == 0)
        {
            LogAway(logger, reason);
        }
    }

    [LoggerMessage(2451, LogLevel.Warning,
        "The billing service takes no usage ({Reason}). The journal keeps it; further failures are not logged until it answers again.")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(2452, LogLevel.Information, "The billing service takes usage again.")]
    private static partial void LogBack(ILogger logger);

    [LoggerMessage(2453, LogLevel.Error, "Usage was refused for good and is not counted; it is kept in {Path} ({Reason}).")]
    private static partial void LogRefused(ILogger logger, string path, string reason);

    [LoggerMessage(2454, LogLevel.Error, "Usage that was not counted yet was deleted by somebody else: {Path}.")]
    private static partial void LogVanished(ILogger logger, string path);

    [LoggerMessage(2455, LogLevel.Error, "A journal file that is done with can't be removed: {Path} ({Reason}).")]
    private static partial void LogStuck(ILogger logger, string path, string reason);

    [LoggerMessage(2456, LogLevel.Error, "{Path} could not be shipped; it is tried again at the next start.")]
    private static partial void LogFailed(ILogger logger, string path, Exception exception);
}
