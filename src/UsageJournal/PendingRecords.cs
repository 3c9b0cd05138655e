using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace OpenAIProxy.UsageJournal;

/// <summary>Records that wait in memory until the disk takes them. Up to a cap; what comes then is lost.</summary>
internal sealed class PendingRecords(int mostRecords, long mostBytes)
{
    private const int Overhead = 64;

    private readonly ConcurrentQueue<PendingRecord> _queue = new();
    private int _count;
    private long _bytes;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Unix milliseconds of the oldest; null if there is none.</summary>
    public long? OldestAt => _queue.TryPeek(out var oldest) ? oldest.At : null;

    /// <summary>Keeps a record; false if there are too many.</summary>
    public bool TryAdd(PendingRecord record)
    {
        var size = record.Payload.Length + Overhead;
        var count = Interlocked.Increment(ref _count);
        var bytes = Interlocked.Add(ref _bytes, size);
        if (count > mostRecords || bytes > mostBytes)
        {
            Interlocked.Decrement(ref _count);
            Interlocked.Add(ref _bytes, -size);
            return false;
        }

        _queue.Enqueue(record);
        return true;
    }

    /// <summary>The oldest one. For one thread, as <see cref="Remove"/>.</summary>
    public bool TryPeek([MaybeNullWhen(false)] out PendingRecord record) => _queue.TryPeek(out record);

    /// <summary>Forgets the oldest one.</summary>
    public void Remove()
    {
        if (_queue.TryDequeue(out var record))
        {
            Interlocked.Decrement(ref _count);
            Interlocked.Add(ref _bytes, -(record.Payload.Length + Overhead));
        }
    }
}
