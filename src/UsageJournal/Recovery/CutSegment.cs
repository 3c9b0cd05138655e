using OpenAIProxy.ServiceDefaults.Files;
using OpenAIProxy.Usage;
using OpenAIProxy.UsageJournal.Files;
using OpenAIProxy.UsageJournal.Segments;

namespace OpenAIProxy.UsageJournal.Recovery;

/// <summary>A segment of the calls that a killed gateway had open.</summary>
internal sealed class CutSegment
{
    private readonly uint _seed;
    private readonly Guid _id;
    private byte[] _file = new byte[64 << 10];
    private int _used = SegmentFormat.HeaderBytes;

    public CutSegment(Guid id)
    {
        _seed = Checksum.Seed(id);
        _id = id;
    }

    public int Records { get; private set; }

    public void Add(UsageRecord record)
    {
        Span<byte> payload = new byte[RecordFormat.Bound(record)];
        payload = payload[..RecordFormat.Write(record, payload)];
        var space = SegmentFormat.Space(payload.Length);
        if (_used + space > _file.Length)
        {
            Array.Resize(ref _file, 2 * _file.Length);
        }

        if (Records++ == 0)
        {
            SegmentFormat.WriteFirst(_file, record.Started);
        }

        SegmentFormat.WriteRecord(_file, _used, payload, _seed);
        _used += space;
    }

    /// <summary>Writes it as a segment that is ready, all at once.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Save(string pathWithoutEnding)
    {
        SegmentFormat.WriteHeader(_file, _id, _used);
        SegmentFormat.Seal(_file, _used, Records);
        var unfinished = pathWithoutEnding + JournalFolder.Unfinished;
        using (var file = OwnFiles.Create(unfinished))
        {
            file.Write(_file.AsSpan(0, _used));
        }

        File.Move(unfinished, pathWithoutEnding + JournalFolder.Ready, overwrite: true);
    }
}
