using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpenAIProxy.UsageJournal.Files;
using OpenAIProxy.UsageJournal.Segments;

namespace OpenAIProxy.UsageJournal.Shipping;

/// <summary>
/// Brings the journal's segments to the billing service, and deletes each one only when it was taken. One segment is one batch with the
/// segment's id, so it may be sent again after any failure of either side.
/// </summary>
internal sealed partial class SegmentShipper(
    ReadySegments ready, BatchSender sender, IShippingObserver observer, JournalTelemetry telemetry, ILogger<SegmentShipper> logger, TimeProvider time)
    : IDisposable
{
    /// <summary>How many segments are on their way at a time.</summary>
    public const int Workers = 4;

    private const int ManyFailures = 2 * Workers;
    private const int FailuresUntilTold = 5;
    private const int MostDoublings = 6;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentDictionary<ReadySegment, bool> _resting = new();
    private Task[] _workers = [];

    // How many tries failed since the last one that the service decided.
    private int _failures;
    private long _taken;
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
        foreach (var (segment, _) in _resting)
        {
            Return(segment);
        }

        ready.Complete();
        Volatile.Write(ref _failures, 0);
        await using var limit = time.CreateTimer(static ended => ((CancellationTokenSource)ended!).Cancel(), _ended, StopPatience, Timeout.InfiniteTimeSpan);
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
        if (_givenUp)
        {
            return;
        }

        SendResult result;
        string reason;
        DamageReport report = default;
        try
        {
            (var batch, report) = BatchBuilder.Read(SegmentFile.Read(segment.Path));
            if (report.Saved == 0)
            {
                Finish(segment, SendResult.Refused, "", report);
                return;
            }

            (result, reason) = await sender.SendAsync(sender.Encode(batch), _ended.Token);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            LogVanished(logger, segment.Path);
            ready.Done(segment);
            return;
        }
        catch (Exception e) when (FileCleanup.IsDiskFailure(e))
        {
            result = SendResult.Failed;
            reason = e.Message;
        }

        if (result is SendResult.Taken or SendResult.Refused)
        {
            Finish(segment, result, reason, report);
            OnResult(result);
            return;
        }

        var failures = Interlocked.Increment(ref _failures);
        segment.Failures++;
        Report(segment, result, failures, reason);
        if (_stopping.IsCancellationRequested)
        {
            // One that is never taken is no reason to leave the others to the next start.
            if (failures >= ManyFailures)
            {
                _givenUp = true;
            }

            return;
        }

        // The segment rests for itself, and the worker while none is taken.
        _resting[segment] = true;
        _ = ReturnLaterAsync(segment);
        await RestAsync(failures / Workers);
    }

    private async Task ReturnLaterAsync(ReadySegment segment)
    {
        await RestAsync(segment.Failures - 1);
        Return(segment);
    }

    private void Return(ReadySegment segment)
    {
        if (_resting.TryRemove(segment, out _))
        {
            ready.Return(segment);
        }
    }

    private async Task RestAsync(int failures)
        => await Task.Delay(Wait(failures), time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Finish(ReadySegment segment, SendResult result, string reason, DamageReport report)
    {
        try
        {
            if (result is SendResult.Taken && report.Damage is JournalDamage.None)
            {
                File.Delete(segment.Path);
            }
            else
            {
                Keep(segment, result, reason, report);
            }

            (result is SendResult.Taken ? telemetry.Shipped : telemetry.Refused).Add(1);
        }
        catch (Exception e) when (FileCleanup.IsDiskFailure(e))
        {
            // It was judged; the next start finds the file and hears the same again.
            LogStuck(logger, segment.Path, e.Message);
        }

        ready.Done(segment);
    }

    private void Keep(ReadySegment segment, SendResult result, string reason, DamageReport report)
    {
        var path = segment.Folder.MoveAside(segment.Path, result is SendResult.Taken ? JournalFolder.Damaged : JournalFolder.Refused);
        if (report.Damage is not JournalDamage.None)
        {
            telemetry.Report(report);
            logger.Damaged(report, path);
        }

        if (result is SendResult.Refused && report.Saved > 0)
        {
            LogRefused(logger, path, reason);
        }
    }

    private static TimeSpan Wait(int failures)
    {
        var wait = FirstWait * (1 << Math.Min(failures, MostDoublings));
        // Between half and all of it, so that the gateways don't come back all at once.
        return (wait < LongestWait ? wait : LongestWait) * (0.5 + (Random.Shared.NextDouble() / 2));
    }

    private void OnResult(SendResult result)
    {
        if (result is SendResult.Taken)
        {
            Interlocked.Increment(ref _taken);
        }

        Volatile.Write(ref _failures, 0);
        observer.Decided(isTaken: result is SendResult.Taken);
    }

    // One that fails again and again while others are taken says nothing about the service, and something about itself.
    private void Report(ReadySegment segment, SendResult result, int failures, string reason)
    {
        var taken = Volatile.Read(ref _taken);
        if (segment.Failures == 1)
        {
            segment.TakenBefore = taken;
        }

        if (result is SendResult.Unauthorized)
        {
            observer.Unauthorized();
        }
        else if (segment.Failures == 1 || failures >= ManyFailures)
        {
            observer.Away(reason);
        }
        else if (segment is { Failures: >= FailuresUntilTold, IsReported: false } && taken > segment.TakenBefore)
        {
            segment.IsReported = true;
            LogStays(logger, segment.Path, segment.Failures, reason);
        }
    }

    [LoggerMessage(2453, LogLevel.Error, "Usage was refused for good by the billing service ({Reason}). It is not counted; the segment is kept as {Path}.")]
    private static partial void LogRefused(ILogger logger, string path, string reason);

    [LoggerMessage(2454, LogLevel.Error, "Segment {Path} was deleted before it was sent. Its usage is lost.")]
    private static partial void LogVanished(ILogger logger, string path);

    [LoggerMessage(2455, LogLevel.Error, "Segment {Path} was accepted but could not be deleted ({Reason}). The next start sends it again; it is not counted twice.")]
    private static partial void LogStuck(ILogger logger, string path, string reason);

    [LoggerMessage(2456, LogLevel.Error, "Sending segment {Path} failed unexpectedly. It is tried again at the next start.")]
    private static partial void LogFailed(ILogger logger, string path, Exception exception);

    [LoggerMessage(2457, LogLevel.Warning,
        "Segment {Path} failed {Failures} times while others succeeded ({Reason}). It is still retried; other segments are not blocked. Its usage is not counted yet.")]
    private static partial void LogStays(ILogger logger, string path, int failures, string reason);
}
