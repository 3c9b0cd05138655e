using System.Collections.Concurrent;
using System.Threading.Channels;

namespace OpenAIProxy.Gateway.Metering.Journal;

/// <summary>The segments that wait to be shipped: the journal adds them, the shipper takes them.</summary>
internal sealed class ReadySegments
{
    private readonly Channel<ReadySegment> _queue = Channel.CreateUnbounded<ReadySegment>();
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

    /// <summary>The segment is to be tried again, after those that wait already.</summary>
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
