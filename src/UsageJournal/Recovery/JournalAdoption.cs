using Microsoft.Extensions.Logging;
using OpenAIProxy.UsageJournal.Files;
using OpenAIProxy.UsageJournal.Segments;

namespace OpenAIProxy.UsageJournal.Recovery;

/// <summary>Takes over the folders of gateways that are gone, and ships what is in them. For one thread at a time.</summary>
internal sealed class JournalAdoption(JournalOptions options, ReadySegments ready, JournalTelemetry telemetry, ILogger logger, TimeProvider time) : IDisposable
{
    private readonly List<JournalFolder> _folders = [];
    private readonly HashSet<string> _failed = [];
    private long? _lastAt;
    private bool _isDone;

    /// <summary>Looks for folders if it is time, and lets go of those that are empty now.</summary>
    public void Run(JournalFolder own)
    {
        _folders.RemoveAll(Release);
        if (_lastAt is { } last && time.GetElapsedTime(last) < options.AdoptEvery)
        {
            return;
        }

        _lastAt = time.GetTimestamp();
        _folders.ForEach(f => f.Beat());
        // Where locks are not real, a folder that seems free may be another gateway's that lives.
        if (_isDone && !own.HasRealLock)
        {
            return;
        }

        _isDone = true;
        foreach (var folder in JournalFolder.Adopt(options.Directory, own.Path, time))
        {
            Recover(folder);
        }
    }

    public void Dispose()
    {
        _folders.ForEach(f => f.Dispose());
        _folders.Clear();
    }

    private static bool Release(JournalFolder folder)
    {
        if (folder.IsNeeded)
        {
            return false;
        }

        folder.Dispose();
        return true;
    }

    private void Recover(JournalFolder folder)
    {
        try
        {
            var recovery = new JournalRecovery(folder, options.IsListed);
            recovery.Run();
            telemetry.Torn.Add(recovery.Torn);
            if (recovery.Torn + recovery.Cut + recovery.Records > 0)
            {
                logger.Recovered(recovery.Records, recovery.Torn, recovery.Cut);
            }

            foreach (var (path, report) in recovery.Damaged)
            {
                telemetry.Report(report);
                logger.Damaged(report, path);
            }

            foreach (var path in folder.Files(JournalFolder.Ready))
            {
                ready.Add(new ReadySegment(path, folder, FirstAt(path)));
            }

            _folders.Add(folder);
        }
        catch (Exception e) when (FileCleanup.IsDiskFailure(e))
        {
            folder.Dispose();
            if (_failed.Add(folder.Path))
            {
                logger.NotAdopted(e.Message);
            }
        }
    }

    private long FirstAt(string path)
    {
        Span<byte> bytes = stackalloc byte[SegmentFormat.HeaderBytes];
        using var file = File.OpenHandle(path);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var header = SegmentFormat.ReadHeader(bytes[..RandomAccess.Read(file, bytes, 0)]);
        // What is damaged is not this one's to tell: the shipper does.
        return header is { IsSound: true, First: > 0 } && header.First < now ? header.First : now;
    }
}
