using OpenAIProxy.UsageJournal.Calls;

namespace OpenAIProxy.UsageJournal;

/// <summary>Where the journal is and how it is measured out. Only the folder, and what happens without it, are settings; tests change the rest.</summary>
/// <param name="Directory">The folder that holds a folder for each gateway process.</param>
internal sealed record JournalOptions(string Directory)
{
    /// <summary>True if calls are refused while nothing can be written.</summary>
    public bool RefusesCalls { get; init; }

    /// <summary>Tells the names of models that have a price: no caller made them up.</summary>
    public Func<string, bool> IsListed { get; init; } = static _ => false;

    /// <summary>Bytes of a segment file: some 7,000 calls.</summary>
    public int SegmentBytes { get; init; } = 1 << 20;

    /// <summary>How many empty segments are kept ready, so that a full one is replaced without waiting for the disk.</summary>
    public int Spares { get; init; } = 2;

    /// <summary>How long after its first record a segment is closed.</summary>
    public TimeSpan CloseAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often it is looked whether something is due.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a disk that failed is tried again.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often it is looked for journals of gateways that are gone.</summary>
    public TimeSpan AdoptEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Open calls in one file. There are at most <see cref="OpenCalls.MostTables"/> files.</summary>
    public int SlotsPerTable { get; init; } = OpenCalls.MostPerTable;

    /// <summary>Records kept in memory while the disk takes none.</summary>
    public int MemoryRecords { get; init; } = 100_000;

    /// <summary>Bytes of records kept in memory while the disk takes none.</summary>
    public long MemoryBytes { get; init; } = 64L << 20;
}
