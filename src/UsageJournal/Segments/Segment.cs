using OpenAIProxy.UsageJournal.Files;

namespace OpenAIProxy.UsageJournal.Segments;

/// <summary>
/// A segment that is written. Threads reserve their places in it by one compare-and-swap, write, and leave; once it is closed and the
/// last one has left, it is settled and never changes again.
/// </summary>
internal sealed class Segment
{
    private const long Closed = long.MinValue;
    private const int UsedShift = 32;

    private readonly MappedFile _file;
    private readonly uint _seed;
    private readonly int _capacity;
    private readonly TimeProvider _time;

    // Closed in the highest bit, bytes used in the upper half, writers in the lower.
    private long _state = (long)SegmentFormat.HeaderBytes << UsedShift;
    // When the first record came, in the ticks of the clock, plus one; 0 before.
    private long _firstTick;

    private Segment(string path, MappedFile file, Guid id, int capacity, TimeProvider time)
    {
        _time = time;
        Path = path;
        Id = id;
        _file = file;
        _capacity = capacity;
        _seed = Checksum.Seed(id);
    }

    public string Path { get; }

    public Guid Id { get; }

    /// <summary>When the first record came, unix milliseconds; 0 before.</summary>
    public long FirstAt { get; private set; }

    /// <summary>True if its header says what it holds.</summary>
    public bool IsSealed { get; private set; }

    /// <summary>True if nothing was written.</summary>
    public bool IsEmpty => Used == SegmentFormat.HeaderBytes;

    /// <summary>True once it is closed and nobody writes.</summary>
    public bool IsSettled => Volatile.Read(ref _state) is < 0 and var state && (uint)state == 0;

    /// <summary>Bytes that were given out.</summary>
    public int Used => (int)((Volatile.Read(ref _state) & ~Closed) >> UsedShift);

    /// <summary>What was written. Only while it is open or settled and not disposed.</summary>
    public ReadOnlySpan<byte> Bytes => _file.Bytes[..Used];

    /// <exception cref="IOException">The disk is full, or the folder is gone.</exception>
    public static Segment Create(string folder, int bytes, TimeProvider time)
    {
        var id = Guid.CreateVersion7();
        var path = System.IO.Path.Combine(folder, $"{id:N}{JournalFolder.Open}");
        Span<byte> header = stackalloc byte[SegmentFormat.HeaderBytes];
        header.Clear();
        SegmentFormat.WriteHeader(header, id, bytes);
        return new Segment(path, MappedFile.Create(path, bytes, header), id, bytes, time);
    }

    /// <summary>Takes space for a record. Whoever got some must <see cref="Leave"/>.</summary>
    /// <returns>The place; -1 if the segment is full or closed.</returns>
    public int Reserve(int payload)
    {
        var space = SegmentFormat.Space(payload);
        var state = Volatile.Read(ref _state);
        while (state >= 0)
        {
            var used = (int)(state >> UsedShift);
            if (used + space > _capacity)
            {
                break;
            }

            var seen = Interlocked.CompareExchange(ref _state, state + ((long)space << UsedShift) + 1, state);
            if (seen == state)
            {
                return used;
            }

            state = seen;
        }

        return -1;
    }

    /// <summary>Writes at a place that was reserved.</summary>
    public void Write(int at, ReadOnlySpan<byte> payload, long now)
    {
        var file = _file.Bytes;
        if (at == SegmentFormat.HeaderBytes)
        {
            FirstAt = now;
            SegmentFormat.WriteFirst(file, now);
            Volatile.Write(ref _firstTick, _time.GetTimestamp() + 1);
        }

        SegmentFormat.WriteRecord(file, at, payload, _seed);
    }

    public void Leave() => Interlocked.Decrement(ref _state);

    /// <summary>Lets nobody in any more.</summary>
    public void Close() => Interlocked.Or(ref _state, Closed);

    /// <summary>True if the first record is older than <paramref name="age"/>.</summary>
    public bool IsOlderThan(TimeSpan age)
        => Volatile.Read(ref _firstTick) is not 0 and var tick && _time.GetElapsedTime(tick - 1) >= age;

    /// <summary>Makes a file of it that holds nothing.</summary>
    public void Void() => SegmentFormat.Void(_file.Bytes);

    /// <summary>Notes in the header what it holds. Only once it is settled.</summary>
    public void Seal()
    {
        var records = 0;
        for (var reader = new SegmentReader(Bytes, Id); reader.Next();)
        {
            records++;
        }

        SegmentFormat.Seal(_file.Bytes, Used, records);
        IsSealed = true;
    }

    /// <summary>True until <see cref="Unmap"/>.</summary>
    public bool IsMapped => !_file.IsDisposed;

    /// <summary>Gives the memory back. Only once it is settled.</summary>
    public void Unmap() => _file.Dispose();
}
