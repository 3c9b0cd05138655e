using OpenAIProxy.TestKit.Journals;
using OpenAIProxy.UsageJournal.Files;
using OpenAIProxy.UsageJournal.Segments;
using OpenAIProxy.UsageJournal.Shipping;

namespace OpenAIProxy.UsageJournal.Tests;

public sealed class SegmentTests : IDisposable
{
    private readonly string _root = Directory.CreateDirectory(JournalRig.NewRoot()).FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void TornTail_AtEveryByte_LosesOnlyTheLastRecord()
    {
        var (file, lastAt) = ThreeRecords();
        for (var length = lastAt; length < file.Length; length++)
        {
            var (ids, torn) = Ids(file.AsSpan(0, length), file);
            Assert.Equal(2, ids.Count);
            Assert.Equal(length == lastAt ? 0 : 1, torn);
        }
    }

    [Fact]
    public void TornTail_ZerosFromEveryByte_LosesOnlyTheLastRecord()
    {
        var (file, lastAt) = ThreeRecords();
        for (var zeros = lastAt; zeros < file.Length; zeros++)
        {
            var torn = (byte[])file.Clone();
            torn.AsSpan(zeros).Clear();
            if (!torn.AsSpan().SequenceEqual(file))
            {
                Assert.Equal(2, Ids(torn, file).Ids.Count);
            }
        }
    }

    [Fact]
    public void LastRecord_AnyByteGarbled_IsLostAlone()
    {
        var (file, lastAt) = ThreeRecords();
        for (var at = lastAt; at < file.Length; at++)
        {
            var garbled = (byte[])file.Clone();
            garbled[at] ^= 0x5A;
            var (ids, torn) = Ids(garbled, file);
            Assert.Equal((2, 1), (ids.Count, torn));
        }
    }

    [Fact]
    public void RecordInTheMiddle_ReservedAndNeverWritten_HidesNothing()
    {
        using var _ = Make(out var segment);
        var payload = RecordFormatTests.Encode(JournalRig.Record());
        segment.Write(segment.Reserve(payload.Length), payload, 1);
        segment.Reserve(payload.Length + 100);
        payload = RecordFormatTests.Encode(JournalRig.Record());
        segment.Write(segment.Reserve(payload.Length), payload, 1);

        var (ids, torn) = Ids(segment.Bytes.ToArray(), segment.Bytes);

        Assert.Equal((2, 1), (ids.Count, torn));
    }

    [Fact]
    public void RecordInTheMiddle_HalfWritten_HidesNothing()
    {
        var (file, _) = ThreeRecords();
        var second = SegmentFormat.HeaderBytes + SegmentFormat.Space(BitConverter.ToInt32(file, SegmentFormat.HeaderBytes));
        for (var written = 0; written < 64; written++)
        {
            var torn = (byte[])file.Clone();
            torn.AsSpan(second + written, 64 - written).Clear();
            Assert.Equal(2, Ids(torn, file).Ids.Count);
        }
    }

    [Fact]
    public void Record_CopiedToAnotherPlace_IsNone()
    {
        var (file, lastAt) = ThreeRecords();
        var copied = new byte[file.Length + 512];
        file.CopyTo(copied, 0);
        file.AsSpan(lastAt).CopyTo(copied.AsSpan(file.Length + 8));

        Assert.Equal(3, Ids(copied, file).Ids.Count);
    }

    [Fact]
    public void Segment_Full_TakesNoMore()
    {
        using var _ = Make(out var segment);
        var count = 0;
        for (var at = segment.Reserve(100); at >= 0; at = segment.Reserve(100))
        {
            segment.Leave();
            count++;
        }

        Assert.Equal((4096 - SegmentFormat.HeaderBytes) / SegmentFormat.Space(100), count);
    }

    [Fact]
    public void Segment_ClosedWithAWriterInside_SettlesWhenItLeaves()
    {
        using var _ = Make(out var segment);
        segment.Reserve(10);
        segment.Close();

        Assert.False(segment.IsSettled);
        Assert.Equal(-1, segment.Reserve(10));
        segment.Leave();
        Assert.True(segment.IsSettled);
    }

    [Fact]
    public void Header_OfAnotherVersion_IsNotSound()
    {
        var (file, _) = ThreeRecords();
        Assert.True(SegmentFormat.ReadHeader(file).IsSound);
        file[8]++;

        Assert.False(SegmentFormat.ReadHeader(file).IsSound);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Header_OfTheFirstRelease_IsRead(bool wrongId)
    {
        var (file, _) = ThreeRecords();
        var id = SegmentFormat.ReadHeader(file).Id;
        // It had the version and no more, in a file cut to what was used.
        BitConverter.TryWriteBytes(file.AsSpan(8), 1UL);
        file.AsSpan(40, 24).Clear();
        file[20] ^= (byte)(wrongId ? 1 : 0);

        var (batch, report) = BatchBuilder.Read(new SegmentFile(file, id.ToString("N")));

        Assert.Equal((id, 3L), (batch.Id, batch.Rows.Sum(r => r.Counts.Requests)));
        Assert.Equal((wrongId ? JournalDamage.Header : JournalDamage.None, 3, 0), (report.Damage, report.Saved, report.Lost));
    }

    private static (HashSet<Guid> Ids, int Torn) Ids(ReadOnlySpan<byte> file, ReadOnlySpan<byte> whole)
    {
        var reader = new SegmentReader(file, SegmentFormat.ReadHeader(whole).Id);
        var ids = new HashSet<Guid>();
        while (reader.Next())
        {
            Assert.True(ids.Add(RecordReader.Id(reader.Payload)));
        }

        return (ids, reader.Torn);
    }

    private Unmapped Make(out Segment segment)
    {
        segment = Segment.Create(_root, 4096, TimeProvider.System);
        return new Unmapped(segment);
    }

    private (byte[] File, int LastAt) ThreeRecords()
    {
        using var _ = Make(out var segment);
        var last = 0;
        for (var i = 0; i < 3; i++)
        {
            // Of a length that leaves nothing to fill up: every byte of the file counts.
            var record = JournalRig.Record();
            var payload = RecordFormatTests.Encode(record);
            payload = [.. payload, .. new byte[(8 - (payload.Length & 7)) & 7]];
            last = segment.Reserve(payload.Length);
            segment.Write(last, payload, 1);
            segment.Leave();
        }

        return (segment.Bytes.ToArray(), last);
    }

    private sealed class Unmapped(Segment segment) : IDisposable
    {
        public void Dispose() => segment.Unmap();
    }
}
