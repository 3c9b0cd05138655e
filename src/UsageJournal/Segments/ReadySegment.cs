using OpenAIProxy.UsageJournal.Files;

namespace OpenAIProxy.UsageJournal.Segments;

/// <summary>A segment that waits to be shipped.</summary>
internal sealed class ReadySegment(string path, JournalFolder folder, long since)
{
    /// <summary>The file.</summary>
    public string Path => path;

    public JournalFolder Folder => folder;

    /// <summary>When its first record was written, unix milliseconds.</summary>
    public long Since => since;

    /// <summary>How often it was sent and not taken. Whoever has it at the moment counts.</summary>
    public int Failures { get; set; }

    /// <summary>How many others had been taken when it failed for the first time.</summary>
    public long TakenBefore { get; set; }

    /// <summary>True if the log says that it is not taken.</summary>
    public bool IsReported { get; set; }
}
