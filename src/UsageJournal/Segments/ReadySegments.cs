using System.Collections.Concurrent;
using System.Threading.Channels;

namespace OpenAIProxy.UsageJournal.Segments;

/// <summary>The queue of closed segments that are to be sent: the journal adds them, the shipper takes them.</summary>
internal sealed class ReadySegments
{
    // Fewest failed attempts first, so that a segment that always fails can't block the queue.
    private static readonly Comparer<ReadySegment> Order = Comparer<ReadySegment>.Create(
        static (a, b) => a.Failures != b.Failures ? a.Failures.CompareTo(b.Failures) : a.Since.CompareTo(b.Since));

    private readonly Channel<ReadySegment> _queue = Channel.CreateUnboundedPrioritized(
        new UnboundedPrioritizedChannelOptions<ReadySegment> { Comparer = Order });

    private readonly ConcurrentDictionary<ReadySegment, bool> _waiting = new();

    public ChannelReader<ReadySegment> Queue => _queue.Reader;

    /// <summary>Segments that are not sent yet, those in progress included.</summary>
    public int Count => _waiting.Count;

    /// <summary>When the oldest record that is not sent was written, unix milliseconds; null if there is none.</summary>
    public long? OldestAt
    {
        get
        {
            long? oldest = null;
            foreach (var (segment, _) in _waiting)
            {
                oldest = oldest < segment.Since ? oldest : segment.Since;
            }

            return oldest;
        }
    }

    public void Add(ReadySegment segment)
    {
        segment.Folder.Add();
        _waiting[segment] = true;
        // Fails after Complete: the next start finds the file.
        _queue.Writer.TryWrite(segment);
    }

    /// <summary>Queues a segment again, behind those with fewer failures. After <see cref="Complete"/> the next start finds its file.</summary>
    public void Return(ReadySegment segment) => _queue.Writer.TryWrite(segment);

    /// <summary>Removes a segment that was sent or moved aside.</summary>
    public void Done(ReadySegment segment)
    {
        if (_waiting.TryRemove(segment, out _))
        {
            segment.Folder.Shipped();
        }
    }

    /// <summary>Ends the queue: what is added later waits for the next start.</summary>
    public void Complete() => _queue.Writer.TryComplete();
}
