using System.Collections.Concurrent;
using System.Threading.Channels;

namespace OpenAIProxy.UsageJournal;

/// <summary>The segments that wait to be shipped: the journal adds them, the shipper takes them.</summary>
internal sealed class ReadySegments
{
    // What was never tried goes first: however many there are that are never taken, they hold up nothing else.
    private static readonly Comparer<ReadySegment> Order = Comparer<ReadySegment>.Create(
        static (a, b) => a.Failures != b.Failures ? a.Failures.CompareTo(b.Failures) : a.Since.CompareTo(b.Since));

    private readonly Channel<ReadySegment> _queue = Channel.CreateUnboundedPrioritized(
        new UnboundedPrioritizedChannelOptions<ReadySegment> { Comparer = Order });

    private readonly ConcurrentDictionary<ReadySegment, bool> _waiting = new();

    public ChannelReader<ReadySegment> Queue => _queue.Reader;

    /// <summary>How many are not shipped.</summary>
    public int Count => _waiting.Count;

    /// <summary>When the oldest record was written that is not shipped, unix milliseconds; null if all are.</summary>
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
        // After the end nobody reads: the next start finds the file.
        _queue.Writer.TryWrite(segment);
    }

    /// <summary>The segment is to be tried again, after those that failed less often; after the end, when the next start finds its file.</summary>
    public void Return(ReadySegment segment) => _queue.Writer.TryWrite(segment);

    /// <summary>The segment is gone: shipped, or moved aside.</summary>
    public void Done(ReadySegment segment)
    {
        if (_waiting.TryRemove(segment, out _))
        {
            segment.Folder.Shipped();
        }
    }

    /// <summary>No more will come.</summary>
    public void Complete() => _queue.Writer.TryComplete();
}
