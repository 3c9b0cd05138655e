using Microsoft.Extensions.Logging;
using OpenAIProxy.UsageJournal.Calls;
using OpenAIProxy.UsageJournal.Files;
using OpenAIProxy.UsageJournal.Recovery;
using OpenAIProxy.UsageJournal.Segments;

namespace OpenAIProxy.UsageJournal.Keeping;

/// <summary>
/// The journal's thread, which does all that waits for a disk: makes segments and tables before they are needed, closes
/// segments by time, hands them over to the shipper, brings records from memory to disk, and takes over what dead gateways left.
/// </summary>
internal sealed class JournalKeeper : IDisposable
{
    // How many times CloseAfter a segment may grow old where no other is to be had: better one segment late than none to write to.
    private const int OldestWithoutSpare = 10;
    private const int BeatMilliseconds = 10_000;

    private readonly JournalOptions _options;
    private readonly Journal _journal;
    private readonly ReadySegments _ready;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Lock _work = new();
    private readonly Thread _thread;
    private readonly SegmentHandover _handover;
    private readonly JournalAdoption _adoption;
    private readonly DropLog _drops;
    private JournalFolder? _folder;
    private long _retryAt;
    private long _lookAt;
    private long _beatAt;
    private bool _isBroken;
    private bool _hasReportedNoLocks;
    private volatile bool _isStopped;

    public JournalKeeper(
        JournalOptions options, Journal journal, ReadySegments ready, JournalTelemetry telemetry, ILogger<JournalKeeper> logger, TimeProvider time)
    {
        _time = time;
        _options = options;
        _journal = journal;
        _ready = ready;
        _handover = new SegmentHandover(journal, ready, time);
        _adoption = new JournalAdoption(options, ready, telemetry, logger, time);
        _drops = new DropLog(logger);
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "usage journal" };
        telemetry.Observe(Lag, () => _ready.Count, () => _journal.Pending.Count);
    }

    /// <summary>Makes the journal ready to be written, if the disk lets it, and goes on keeping it.</summary>
    public void Start()
    {
        lock (_work)
        {
            Prepare();
        }

        _thread.Start();
    }

    /// <summary>Closes the current segment and hands over all that is written.</summary>
    public void Flush()
    {
        lock (_work)
        {
            _retryAt = 0;
            Prepare();
            if (_journal.Current is { IsEmpty: false } current)
            {
                _journal.Replace(current, orNone: false);
            }

            _handover.RunToEnd(_folder);
        }
    }

    /// <summary>Takes the records out of memory that the disk didn't take. Their slots are the caller's to free.</summary>
    public List<PendingRecord> TakePending()
    {
        var taken = new List<PendingRecord>();
        lock (_work)
        {
            while (_journal.Pending.TryPeek(out var record))
            {
                taken.Add(record);
                _journal.Pending.Remove();
            }
        }

        return taken;
    }

    /// <summary>Ends the journal. What is written stays for the next start.</summary>
    public void Dispose()
    {
        _isStopped = true;
        _journal.Work.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        lock (_work)
        {
            _retryAt = 0;
            Prepare();
            DeleteSpares();
            _journal.Replace(_journal.Current);
            _handover.RunToEnd(_folder);
            _journal.Calls.Close();
            if (_journal.Pending.Count > 0)
            {
                _logger.Lost(_journal.Pending.Count);
            }

            _adoption.Dispose();
            _folder?.Dispose();
            _folder = null;
        }
    }

    // Milliseconds of a clock that never goes back.
    private long Now => (long)_time.GetElapsedTime(0, _time.GetTimestamp()).TotalMilliseconds;

    private void Run()
    {
        var hasFailed = false;
        while (!_isStopped)
        {
            _journal.Work.WaitOne(_options.Tick);
            try
            {
                lock (_work)
                {
                    Keep();
                }

                hasFailed = false;
            }
            catch (Exception e)
            {
                if (!hasFailed)
                {
                    hasFailed = true;
                    _logger.Failed(e);
                }

                Thread.Sleep(_options.RetryAfter);
            }
        }
    }

    private void Keep()
    {
        LookForFolder();
        Prepare();
        if (_journal.Current is { } current && current.IsOlderThan(_options.CloseAfter))
        {
            _journal.Replace(current, orNone: current.IsOlderThan(OldestWithoutSpare * _options.CloseAfter));
        }

        _handover.Run(_folder);
        _drops.Look(_journal.Dropped, _journal.Pending.Count);
        if (_folder is not null)
        {
            _adoption.Run(_folder);
        }
    }

    /// <summary>Makes what is missing, and writes what waits in memory.</summary>
    private void Prepare()
    {
        do
        {
            if (!TryPrepare())
            {
                return;
            }

            _handover.Run(_folder);
            if (_journal.Current is null)
            {
                _journal.Replace(null);
            }
        }
        while (!WritePending());
    }

    private bool TryPrepare()
    {
        if (_isBroken && Now < _retryAt)
        {
            return false;
        }

        try
        {
            _folder ??= CreateFolder();
            while (_journal.Spares.Count < _options.Spares)
            {
                _journal.Spares.Enqueue(Segment.Create(_folder.Path, _options.SegmentBytes, _time));
            }

            while (_journal.Calls.NeedsTable)
            {
                _journal.Calls.Add(OpenCallTable.Create(_folder.Path, _options.SlotsPerTable));
            }
        }
        catch (Exception e) when (FileCleanup.IsDiskFailure(e))
        {
            _retryAt = Now + (long)_options.RetryAfter.TotalMilliseconds;
            if (!_isBroken)
            {
                _isBroken = _journal.IsBroken = true;
                _logger.Broken(
                    _options.Directory, e.Message, _options.RefusesCalls ? "New calls are refused (Metering:RequireJournal is true)" : "Calls go on, and usage is kept in memory");
            }

            return false;
        }

        if (_isBroken)
        {
            _isBroken = _journal.IsBroken = false;
            _logger.Mended();
        }

        return true;
    }

    private JournalFolder CreateFolder()
    {
        var folder = JournalFolder.Create(_options.Directory, _time);
        if (!folder.HasRealLock && !_hasReportedNoLocks)
        {
            _hasReportedNoLocks = true;
            _logger.NoLocks(_options.Directory);
        }

        return folder;
    }

    /// <returns>False if there is more, and no segment for it.</returns>
    private bool WritePending()
    {
        while (_journal.Pending.TryPeek(out var record))
        {
            if (!_journal.TryAppend(record.Payload, record.Slot, record.At))
            {
                return false;
            }

            _journal.Pending.Remove();
        }

        return true;
    }

    /// <summary>Notices that somebody deleted the folder: what is written now would go nowhere.</summary>
    private void LookForFolder()
    {
        if (_folder is null || Now < _lookAt)
        {
            return;
        }

        _lookAt = Now + (long)_options.RetryAfter.TotalMilliseconds;
        try
        {
            // Not Directory.Exists: it says no to whatever goes wrong, and a folder that is only out of reach for a moment is still ours.
            File.GetAttributes(_folder.Path);
            Beat(_folder);
            return;
        }
        catch (Exception e) when (e is DirectoryNotFoundException or FileNotFoundException)
        {
        }
        catch (Exception e) when (FileCleanup.IsDiskFailure(e))
        {
            return;
        }

        _folder.Dispose();
        _folder = null;
        DeleteSpares();
        _journal.Calls.Retire();
        _journal.Replace(_journal.Current);
    }

    private void Beat(JournalFolder folder)
    {
        if (Now >= _beatAt)
        {
            _beatAt = Now + BeatMilliseconds;
            folder.Beat();
        }
    }

    private void DeleteSpares()
    {
        while (_journal.Spares.TryDequeue(out var spare))
        {
            SegmentHandover.Delete(spare);
        }
    }

    private double Lag()
    {
        var oldest = _ready.OldestAt;
        foreach (var other in (ReadOnlySpan<long?>)[_journal.Pending.OldestAt, _journal.Current?.FirstAt])
        {
            oldest = other is null or 0 || oldest < other ? oldest : other;
        }

        return oldest is { } at ? Math.Max(0, (_time.GetUtcNow().ToUnixTimeMilliseconds() - at) / 1000.0) : 0;
    }
}
