using System.Runtime.InteropServices;

namespace OpenAIProxy.Gateway.Metering.Journal;

/// <summary>
/// Finds the records of a segment. What is no record is passed over in steps of 8 bytes, for a thread may be killed between taking its
/// place and filling it, while others went on behind it.
/// </summary>
internal ref struct SegmentReader(ReadOnlySpan<byte> file, Guid id)
{
    private readonly ReadOnlySpan<byte> _file = file;
    private readonly uint _seed = Checksum.Seed(id);
    private int _at = SegmentFormat.HeaderBytes;
    private bool _inGap;
    private bool _isDirty;

    /// <summary>The payload of the record that <see cref="Next"/> found.</summary>
    public ReadOnlySpan<byte> Payload { get; private set; }

    /// <summary>Stretches that were begun and are no record.</summary>
    public int Torn { get; private set; }

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
                    Torn += _inGap ? 1 : 0;
                    (_inGap, _isDirty) = (false, false);
                    _at += SegmentFormat.Space((int)length);
                    return true;
                }
            }

            _inGap = true;
            _isDirty |= head != 0;
            _at += 8;
        }

        return End();
    }

    private bool End()
    {
        var rest = _file[Math.Min(_at, _file.Length)..];
        Torn += _isDirty || rest.ContainsAnyExcept((byte)0) ? 1 : 0;
        (_isDirty, _inGap, _at) = (false, false, _file.Length);
        return false;
    }
}
