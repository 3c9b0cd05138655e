namespace OpenAIProxy.Gateway.Metering.Journal;

/// <summary>
/// Makes of what a killed gateway left behind segments that can be shipped. It may be killed itself at any point and done again: the calls
/// that were open become a segment whose id was fixed when they began, so it is the same segment each time.
/// </summary>
internal sealed class JournalRecovery(JournalFolder folder)
{
    private readonly HashSet<Guid> _recorded = [];
    private readonly NameCache _names = new();

    /// <summary>Records in the segments that were open.</summary>
    public int Records { get; private set; }

    /// <summary>Records that were begun, and not finished.</summary>
    public int Torn { get; private set; }

    /// <summary>Calls that were open.</summary>
    public int Cut { get; private set; }

    /// <summary>Files that can't be read, and where they are now.</summary>
    public List<string> Unreadable { get; } = [];

    /// <exception cref="IOException">The disk failed.</exception>
    public void Run()
    {
        foreach (var unfinished in folder.Files(JournalFolder.Unfinished))
        {
            File.Delete(unfinished);
        }

        var written = new List<string>();
        foreach (var open in folder.Files(JournalFolder.Open))
        {
            if (TryRead(open, ReadRecords))
            {
                written.Add(open);
            }
        }

        // Before the segments become ready ones: a call is in one of these if its slot is taken, though it has ended.
        foreach (var calls in folder.Files(JournalFolder.Calls))
        {
            if (TryRead(calls, WriteCut))
            {
                File.Delete(calls);
            }
        }

        foreach (var open in written)
        {
            File.Move(open, Path.ChangeExtension(open, JournalFolder.Ready), overwrite: true);
        }
    }

    private bool TryRead(string path, Func<byte[], bool> read)
    {
        try
        {
            if (read(File.ReadAllBytes(path)))
            {
                return true;
            }

            File.Delete(path);
        }
        catch (InvalidDataException)
        {
            Unreadable.Add(folder.MoveAside(path));
        }

        return false;
    }

    /// <returns>False if there is none.</returns>
    private bool ReadRecords(byte[] file)
    {
        if (!SegmentFormat.TryReadHeader(file, out var id, out _))
        {
            return false;
        }

        var reader = new SegmentReader(file, id);
        var records = 0;
        for (; reader.Next(); records++)
        {
            _recorded.Add(RecordReader.Id(reader.Payload));
        }

        Records += records;
        Torn += reader.Torn;
        return records > 0;
    }

    /// <returns>False if the file was never begun.</returns>
    private bool WriteCut(byte[] file)
    {
        if (!SlotFormat.TryReadHeader(file, out var cutId))
        {
            return false;
        }

        var cut = new CutSegment(cutId);
        var seed = Checksum.Seed(cutId);
        for (var at = SlotFormat.Bytes; at + SlotFormat.Bytes <= file.Length; at += SlotFormat.Bytes)
        {
            if (SlotFormat.ReadCut(file.AsSpan(at, SlotFormat.Bytes), seed, _names) is { } record && _recorded.Add(record.Id))
            {
                cut.Add(record);
            }
        }

        if (cut.Records > 0)
        {
            cut.Save(Path.Combine(folder.Path, cutId.ToString("N")));
            Cut += cut.Records;
        }

        return true;
    }
}
