using System.Runtime.InteropServices;
using OpenAIProxy.UsageJournal.Files;

namespace OpenAIProxy.UsageJournal.Segments;

/// <summary>
/// Finds the records of a segment. What is no record is passed over in steps of 8 bytes, for a thread may be killed between taking its
/// place and filling it, while others went on behind it.
/// </summary>
internal ref struct SegmentReader(ReadOnlySpan<byte> file, Guid id)
{
    // A record has an id and a time: fewer bytes than that, in a stretch of zeros, were never a record.
    private const int FewestBytes = 8;

    private readonly ReadOnlySpan<byte> _file = file;
    private readonly uint _seed = Checksum.Seed(id);
    private int _at = SegmentFormat.HeaderBytes;
    private int _gapAt = -1;

    /// <summary>The payload of the record that <see cref="Next"/> found.</summary>
    public ReadOnlySpan<byte> Payload { get; private set; }

    /// <summary>Stretches that were begun and are no record, damaged ones among them.</summary>
    public int Torn { get; private set; }

    /// <summary>
    /// Records that were finished and are none any more: the checksum is what is written last. Two that are damaged side by side may count
    /// as one.
    /// </summary>
    public int Damaged { get; private set; }

    public bool Next()
    {
        while (_at + SegmentFormat.RecordHeaderBytes <= _file.Length)
        {
            var head = MemoryMarshal.Read<ulong>(_file[_at..]);
            var length = (uint)head;
            if (length > 0 && length <= _file.Length - _at - SegmentFormat.RecordHeaderBytes)
            {
                var payload = _file.Slice(_at + SegmentFormat.RecordHeaderBytes, (int)length);
                if (SegmentFormat.Sum(_seed, _at, payload) == (uint)(head >> 32))
                {
                    Payload = payload;
                    // Also a gap of zeros only: behind it there is a record, so its place was taken.
                    EndGap(_at);
                    _at += SegmentFormat.Space((int)length);
                    return true;
                }
            }

            _gapAt = _gapAt < 0 ? _at : _gapAt;
            _at += 8;
        }

        return End();
    }

    private bool End()
    {
        var begin = _gapAt < 0 ? Math.Min(_at, _file.Length) : _gapAt;
        var rest = _file[begin..];
        if (rest.ContainsAnyExcept((byte)0))
        {
            if (rest.Length < SegmentFormat.RecordHeaderBytes)
            {
                // The file ends in the head of a record.
                Torn++;
                Damaged++;
            }
            else
            {
                _gapAt = begin;
                EndGap(_file.Length);
            }
        }

        _gapAt = -1;
        _at = _file.Length;
        return false;
    }

    private void EndGap(int end)
    {
        if (_gapAt < 0)
        {
            return;
        }

        Torn++;
        var gap = _file[_gapAt..end];
        if (MemoryMarshal.Read<uint>(gap[4..]) != 0 && gap.Length - gap.Count((byte)0) >= FewestBytes)
        {
            Damaged += Count(gap);
        }

        _gapAt = -1;
    }

    // By their lengths, as far as these are plausible.
    private static int Count(ReadOnlySpan<byte> gap)
    {
        var count = 1;
        while (gap.Length >= SegmentFormat.RecordHeaderBytes)
        {
            var length = MemoryMarshal.Read<uint>(gap);
            if (length == 0 || length > gap.Length - SegmentFormat.RecordHeaderBytes)
            {
                break;
            }

            gap = gap[Math.Min(SegmentFormat.Space((int)length), gap.Length)..];
            count += gap.Length >= RecordFormat.FixedBytes && MemoryMarshal.Read<uint>(gap[4..]) != 0 ? 1 : 0;
        }

        return count;
    }
}
