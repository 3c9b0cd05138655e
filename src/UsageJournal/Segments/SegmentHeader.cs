namespace OpenAIProxy.UsageJournal.Segments;

/// <summary>What the header of a segment says.</summary>
internal readonly record struct SegmentHeader
{
    /// <summary>The segment's id; only to be believed if the header <see cref="IsSound"/>.</summary>
    public Guid Id { get; init; }

    /// <summary>When the first record was written, unix milliseconds; 0 before. Not covered by a checksum.</summary>
    public long First { get; init; }

    /// <summary>True if it is a segment's header, and not damaged as far as that can be seen: version 1 had no checksum.</summary>
    public bool IsSound { get; init; }

    /// <summary>True if the records of the file were brought elsewhere.</summary>
    public bool IsVoid { get; init; }

    /// <summary>Bytes of the file while it is open; 0 if unknown.</summary>
    public int Capacity { get; init; }

    /// <summary>Bytes used, once the segment is closed.</summary>
    public int? Used { get; init; }

    /// <summary>Records, once the segment is closed.</summary>
    public int? Records { get; init; }
}
