using OpenAIProxy.UsageJournal.Files;
using OpenAIProxy.UsageJournal.Segments;

namespace OpenAIProxy.UsageJournal.Keeping;

/// <summary>Hands closed segments over to the shipper, once their last writer has left. For one thread at a time.</summary>
internal sealed class SegmentHandover(Journal journal, ReadySegments ready, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly List<Segment> _closing = [];

    /// <summary>Hands over the segments that no writer uses any more. False if some are left.</summary>
    /// <param name="folder">The journal's folder now; null if there is none.</param>
    public bool Run(JournalFolder? folder)
    {
        while (journal.Retired.TryDequeue(out var segment))
        {
            _closing.Add(segment);
        }

        _closing.RemoveAll(s => s.IsSettled && TryHandOver(s, folder));
        return _closing.Count == 0;
    }

    /// <summary>Hands over everything, and waits for writers. They only copy some hundred bytes; but the machine may be busy.</summary>
    public void RunToEnd(JournalFolder? folder)
    {
        for (var started = time.GetTimestamp(); !Run(folder) && time.GetElapsedTime(started) < Patience;)
        {
            Thread.Sleep(1);
        }
    }

    /// <summary>Unmaps and deletes an empty segment.</summary>
    public static void Delete(Segment empty)
    {
        empty.Unmap();
        FileCleanup.TryDelete(empty.Path);
    }

    private bool TryHandOver(Segment segment, JournalFolder? folder)
    {
        if (segment.IsEmpty)
        {
            Delete(segment);
            return true;
        }

        try
        {
            if (folder is null || !File.Exists(segment.Path))
            {
                if (segment.IsMapped)
                {
                    Rescue(segment);
                }

                return true;
            }

            if (!segment.IsSealed && segment.IsMapped)
            {
                segment.Seal();
            }

            if (OperatingSystem.IsWindows())
            {
                // There a mapped file can't be moved; nor can it be deleted by others.
                segment.Unmap();
            }

            var path = Path.ChangeExtension(segment.Path, JournalFolder.Ready);
            using (var file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
            {
                RandomAccess.SetLength(file, segment.Used);
            }

            File.Move(segment.Path, path);
            segment.Unmap();
            ready.Add(new ReadySegment(path, folder, segment.FirstAt));
            return true;
        }
        catch (Exception e) when (FileCleanup.IsDiskFailure(e))
        {
            // The next tick tries again; the next start would, too.
            return false;
        }
    }

    /// <summary>Brings the records of a deleted file to memory, and from there into another one.</summary>
    private void Rescue(Segment segment)
    {
        var reader = new SegmentReader(segment.Bytes, segment.Id);
        while (reader.Next())
        {
            journal.Remember(new PendingRecord(reader.Payload.ToArray(), -1, segment.FirstAt));
        }

        // If the file was only moved, and comes back, its records must not count twice.
        segment.Void();
        segment.Unmap();
    }
}
