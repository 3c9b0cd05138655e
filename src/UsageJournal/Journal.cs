using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OpenAIProxy.Usage;
using OpenAIProxy.UsageJournal.Calls;
using OpenAIProxy.UsageJournal.Segments;

namespace OpenAIProxy.UsageJournal;

/// <summary>
/// The journal in files: this part is what requests see. A record is encoded on the stack, gets its place by one compare-and-swap, and is
/// copied there; a full segment is replaced by one that was made before. All that waits for the disk is <see cref="Keeping.JournalKeeper"/>'s.
/// </summary>
internal sealed class Journal : IUsageJournal
{
    private const int StackBytes = 2048;

    // Each try but the last found a segment that had just become full; a thread this unlucky leaves its record to the keeper.
    private const int Tries = 16;

    private readonly JournalTelemetry _telemetry;
    private readonly int _longest;
    private readonly ConcurrentQueue<Segment> _spares = new();
    private readonly ConcurrentQueue<Segment> _retired = new();
    private Segment? _current;
    private long _dropped;
    private volatile bool _isBroken;

    public Journal(JournalOptions options, JournalTelemetry telemetry)
    {
        _telemetry = telemetry;
        _longest = options.SegmentBytes - SegmentFormat.HeaderBytes - SegmentFormat.RecordHeaderBytes;
        Calls = new OpenCalls(options.SlotsPerTable);
        Pending = new PendingRecords(options.MemoryRecords, options.MemoryBytes);
    }

    // Without a segment for a moment, in a burst, is not without a disk.
    public bool IsWritable => Current is not null || !IsBroken;

    /// <summary>True while the keeper can't make segments.</summary>
    public bool IsBroken { get => _isBroken; set => _isBroken = value; }

    public OpenCalls Calls { get; }

    /// <summary>What the disk didn't take.</summary>
    public PendingRecords Pending { get; }

    /// <summary>How many records were lost.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Segments that are closed. For the keeper.</summary>
    public ConcurrentQueue<Segment> Retired => _retired;

    /// <summary>Segments that are not begun. The keeper adds to them.</summary>
    public ConcurrentQueue<Segment> Spares => _spares;

    /// <summary>The segment that is written; null if there is none.</summary>
    public Segment? Current => Volatile.Read(ref _current);

    /// <summary>Tells the keeper that it has work.</summary>
    public AutoResetEvent Work { get; } = new(false);

    public OpenCall Begin(in CallStart call)
    {
        try
        {
            var slot = Calls.Take(call);
            if (slot < 0)
            {
                _telemetry.Untracked.Add(1);
            }

            return new OpenCall(slot);
        }
        catch (Exception)
        {
            return new OpenCall(-1);
        }
    }

    public void Progress(OpenCall call, int outputEstimate) => Calls.Progress(call.Slot, outputEstimate);

    [SkipLocalsInit]
    public void End(OpenCall call, UsageRecord record)
    {
        byte[]? rented = null;
        try
        {
            var bound = RecordFormat.Bound(record);
            var payload = bound <= StackBytes ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(bound);
            payload = payload[..RecordFormat.Write(record, payload)];
            var now = record.Started + Math.Max(record.Duration, 0);
            if (payload.Length > _longest)
            {
                Drop(call.Slot);
            }
            else if (!TryAppend(payload, call.Slot, now))
            {
                Remember(new PendingRecord(payload.ToArray(), call.Slot, now));
            }
        }
        catch (Exception)
        {
            Drop(call.Slot);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <summary>Writes a record and frees its slot; false if there is no segment.</summary>
    public bool TryAppend(ReadOnlySpan<byte> payload, int slot, long now)
    {
        for (var i = 0; i < Tries && Current is { } segment; i++)
        {
            var at = segment.Reserve(payload.Length);
            if (at < 0)
            {
                Replace(segment);
                continue;
            }

            try
            {
                segment.Write(at, payload, now);
                // Before leaving: while the slot is taken the segment can't be shipped, so what is killed here is found in both, and counted once.
                Calls.Free(slot);
            }
            finally
            {
                segment.Leave();
            }

            _telemetry.Records.Add(1);
            return true;
        }

        return false;
    }

    /// <summary>Puts a record aside for the keeper.</summary>
    public void Remember(PendingRecord record)
    {
        if (!Pending.TryAdd(record))
        {
            Drop(record.Slot);
        }
        else if (Pending.Count == 1)
        {
            Work.Set();
        }
    }

    /// <summary>Puts the next segment, if there is one, in the place of another, if that is still the current one.</summary>
    /// <param name="old">The segment that is full or old; null if there was none.</param>
    /// <param name="orNone">False if <paramref name="old"/> stays where no other is at hand.</param>
    public void Replace(Segment? old, bool orNone = true)
    {
        if (Current != old)
        {
            return;
        }

        if (!_spares.TryDequeue(out var next) && !orNone)
        {
            return;
        }

        if (Interlocked.CompareExchange(ref _current, next, old) != old)
        {
            if (next is not null)
            {
                _spares.Enqueue(next);
            }

            return;
        }

        if (old is not null)
        {
            old.Close();
            _retired.Enqueue(old);
            Work.Set();
        }
    }

    private void Drop(int slot)
    {
        Interlocked.Increment(ref _dropped);
        _telemetry.Dropped.Add(1);
        Calls.Free(slot);
    }
}
