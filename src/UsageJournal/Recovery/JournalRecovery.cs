using OpenAIProxy.UsageJournal.Files;
using OpenAIProxy.UsageJournal.Segments;

namespace OpenAIProxy.UsageJournal.Recovery;

/// <summary>
/// Makes of what a killed gateway left behind segments that can be shipped. It may be killed itself at any point and done again: the calls
/// that were open become a segment whose id was fixed when they began, so it is the same segment each time.
/// </summary>
internal sealed class JournalRecovery(JournalFolder folder, Func<string, bool> isListed)
{
    private readonly HashSet<Guid> _recorded = [];
    private readonly NameCache _names = new();
    private readonly InterruptedNames _cutNames = new(isListed);

    /// <summary>Records in the segments that were open.</summary>
    public int Records { get; private set; }

    /// <summary>Records that were begun, and not finished.</summary>
    public int Torn { get; private set; }

    /// <summary>Calls that were open.</summary>
    public int Cut { get; private set; }

    /// <summary>Files of open calls that were damaged, and where they are now. Of damaged segments, who ships them tells.</summary>
    public List<(string Path, DamageReport Report)> Damaged { get; } = [];

    /// <exception cref="IOException">The disk failed.</exception>
    public void Run()
    {
        foreach (var unfinished in folder.Files(JournalFolder.Unfinished))
        {
            File.Delete(unfinished);
        }

        var written = folder.Files(JournalFolder.Open).Where(ReadRecords).ToList();
        // Before the segments become ready ones: a call is in one of these if its slot is taken, though it has ended.
        foreach (var calls in folder.Files(JournalFolder.Calls))
        {
            WriteCut(calls);
        }

        foreach (var open in written)
        {
            File.Move(open, Path.ChangeExtension(open, JournalFolder.Ready), overwrite: true);
        }
    }

    /// <returns>False if there was nothing in it.</returns>
    private bool ReadRecords(string path)
    {
        var segment = SegmentFile.Read(path);
        var reader = segment.Records();
        var records = 0;
        for (; reader.Next(); records++)
        {
            if (reader.Payload.Length >= RecordFormat.FixedBytes)
            {
                _recorded.Add(RecordReader.Id(reader.Payload));
            }
        }

        Torn += Math.Max(reader.Torn - reader.Damaged, 0);
        if (segment.IsVoid || (records == 0 && segment.IsUnused(reader.Damaged)))
        {
            File.Delete(path);
            return false;
        }

        Records += records;
        return true;
    }

    private void WriteCut(string path)
    {
        var calls = new OpenCallsFile(File.ReadAllBytes(path), Path.GetFileNameWithoutExtension(path), _names, _cutNames);
        var cut = new CutSegment(calls.Id);
        foreach (var record in calls.Calls())
        {
            if (_recorded.Add(record.Id))
            {
                cut.Add(record);
            }
        }

        if (cut.Records > 0)
        {
            cut.Save(Path.Combine(folder.Path, calls.Id.ToString("N")));
            Cut += cut.Records;
        }

        var report = calls.Report();
        if (report.Damage is JournalDamage.None)
        {
            File.Delete(path);
        }
        else
        {
            Damaged.Add((folder.MoveAside(path, JournalFolder.Damaged), report));
        }
    }
}
