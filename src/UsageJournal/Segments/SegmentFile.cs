using OpenAIProxy.UsageJournal.Files;

namespace OpenAIProxy.UsageJournal.Segments;

/// <summary>A segment as it was read from its file. It may be damaged: what can be read of it is found, and what is missing is known.</summary>
internal sealed class SegmentFile
{
    private readonly byte[] _file;
    private readonly SegmentHeader _header;
    private readonly bool _isHeaderSound;

    /// <param name="file">Its bytes.</param>
    /// <param name="name">The file's name without its ending, which is the segment's id.</param>
    public SegmentFile(byte[] file, string name)
    {
        _file = file;
        _header = SegmentFormat.ReadHeader(file);
        Id = _header.Id;
        _isHeaderSound = _header.IsSound;
        // A header without a checksum may tell a wrong id: then no record is one.
        if (!(_isHeaderSound && (_header.Capacity > 0 || HasRecord(Id))) && Guid.TryParse(name, out var named) && named != Id && HasRecord(named))
        {
            Id = named;
            _isHeaderSound = false;
        }
    }

    /// <summary>The segment's id.</summary>
    public Guid Id { get; }

    /// <summary>When the first record was written, unix milliseconds; 0 if unknown.</summary>
    public long First => _isHeaderSound ? _header.First : 0;

    /// <summary>True if its records were brought elsewhere.</summary>
    public bool IsVoid => _header.IsVoid;

    /// <summary>True if nothing was ever written into it, whose records <paramref name="damaged"/> counts, and nothing was taken away.</summary>
    public bool IsUnused(int damaged) => _isHeaderSound && damaged == 0 && _header.Records is null && _file.Length >= _header.Capacity;

    /// <exception cref="IOException">The disk failed.</exception>
    public static SegmentFile Read(string path) => new(File.ReadAllBytes(path), Path.GetFileName(path).Split('.')[0]);

    public SegmentReader Records() => new(_file, Id);

    /// <summary>What became of its records.</summary>
    /// <param name="saved">How many could be read.</param>
    /// <param name="unreadable">How many have the right checksum, and could not be read.</param>
    /// <param name="damaged">As the reader says at its end.</param>
    public DamageReport Report(int saved, int unreadable, int damaged)
    {
        var lost = Math.Max(_header.Records - saved ?? damaged + unreadable, 0);
        var isTorn = _file.Length < (_header.Used ?? _header.Capacity);
        var damage = DamageReport.Classify(_file, _isHeaderSound, isOurs: saved > 0 || _header.Records is not null, isTorn, lost);
        damage = damage == JournalDamage.None && saved == 0 ? JournalDamage.Empty : damage;
        return new DamageReport(damage, saved, lost, damage != JournalDamage.None && _header.Records is null);
    }

    private bool HasRecord(Guid id) => new SegmentReader(_file, id).Next();
}
