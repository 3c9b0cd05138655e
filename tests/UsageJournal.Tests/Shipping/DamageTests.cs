using Microsoft.Extensions.Logging;
using OpenAIProxy.TestKit.Journals;
using OpenAIProxy.UsageJournal.Calls;
using OpenAIProxy.UsageJournal.Segments;

namespace OpenAIProxy.UsageJournal.Tests.Shipping;

/// <summary>What a disk, or somebody, did to the journal's files while no gateway ran: each record is counted or told to be lost.</summary>
public sealed class DamageTests
{
    private const int Records = 60;
    private const string Lost = "openaiproxy.journal.lost";
    private const string Damaged = "openaiproxy.journal.damaged";

    /// <summary>A segment in each state in which a gateway may leave it.</summary>
    public static TheoryData<string> States => ["ready", "open"];

    [Theory, MemberData(nameof(States))]
    public async Task Bits_FlippedAnywhere_EachRecordIsCountedOrReported(string state)
    {
        using var left = Left(state);
        var whole = File.ReadAllBytes(left.Segment);
        var random = new Random(31);
        var end = BytesUsed(whole);
        for (var i = 0; i < 31; i++)
        {
            // Every third one in the head.
            var at = random.Next(i % 3 == 0 ? SegmentFormat.HeaderBytes : end);
            var bytes = (byte[])whole.Clone();
            bytes[at] ^= (byte)(1 << random.Next(8));
            var seen = await ShipAsync(left.With(bytes));
            Assert.True(seen.Saved + seen.Lost == Records && seen.Lost is 0 or 1, $"byte {at}: {seen}");
            if (seen.Lost > 0)
            {
                Assert.True(seen is { Told: 1, Aside: 1, DamagedFiles: 1 }, $"byte {at}: {seen}");
            }
        }
    }

    [Theory, MemberData(nameof(States))]
    public async Task Head_AnyBitFlipped_LosesNothing(string state)
    {
        using var left = Left(state);
        var whole = File.ReadAllBytes(left.Segment);
        for (var at = 0; at < SegmentFormat.HeaderBytes; at += at < 36 ? 1 : 5)
        {
            var bytes = (byte[])whole.Clone();
            bytes[at] ^= (byte)(1 << (at % 8));
            Assert.Equal((Records, 0), await ShipAsync(left.With(bytes)) is var seen ? (seen.Saved, seen.Lost) : default);
        }
    }

    [Theory, MemberData(nameof(States))]
    public async Task Head_OverwrittenAll_LosesNothingAndIsTold(string state)
    {
        using var left = Left(state);
        foreach (var with in (byte[])[0, 0xFF])
        {
            var bytes = File.ReadAllBytes(left.Segment);
            bytes.AsSpan(0, SegmentFormat.HeaderBytes).Fill(with);

            Assert.Equal(new Seen(Records, 0, 1, 1, 1), await ShipAsync(left.With(bytes)));
        }
    }

    [Fact]
    public async Task ReadySegment_CutOffAnywhere_TellsHowManyAreLost()
    {
        using var left = Left("ready");
        var whole = File.ReadAllBytes(left.Segment);
        var space = (whole.Length - SegmentFormat.HeaderBytes) / Records;
        foreach (var records in (int[])[0, 1, 30, Records - 1])
        {
            // Between two records, in the head of one, and in its middle.
            foreach (var more in (int[])[0, 5, space / 2])
            {
                var seen = await ShipAsync(left.With(whole[..(SegmentFormat.HeaderBytes + (records * space) + more)]));
                Assert.Equal(new Seen(records, Records - records, 1, 1, 1), seen);
            }
        }
    }

    [Fact]
    public async Task OpenSegment_CutOff_IsTold()
    {
        using var left = Left("open");
        var bytes = File.ReadAllBytes(left.Segment);

        var seen = await ShipAsync(left.With(bytes[..(BytesUsed(bytes) / 2)]));

        Assert.InRange(seen.Saved, 25, 30);
        Assert.Equal((1, 1, 1), (seen.Told, seen.Aside, seen.DamagedFiles));
    }

    [Theory]
    [InlineData("ready", 0)]
    [InlineData("open", 0)]
    [InlineData("ready", 40)]
    [InlineData("open", 40)]
    [InlineData("ready", 5000)]
    [InlineData("open", 5000)]
    public async Task Segment_ThatIsEmpty_IsKeptAndTold(string state, int zeros)
    {
        using var left = Left(state);

        Assert.Equal((0, 1, 1, 1), await ShipAsync(left.With(new byte[zeros])) is var seen ? (seen.Saved, seen.Told, seen.Aside, seen.DamagedFiles) : default);
    }

    [Theory, MemberData(nameof(States))]
    public async Task Segment_ThatIsSomethingElse_IsKeptAsItWas(string state)
    {
        using var left = Left(state);
        foreach (var length in (int[])[10, 100, 10_000])
        {
            var foreign = new byte[length];
            new Random(length).NextBytes(foreign);
            var root = left.With(foreign);

            var seen = await ShipAsync(
                root, check: () => Assert.Equal(foreign, File.ReadAllBytes(Assert.Single(Directory.GetFiles(Path.Combine(root, "refused"))))));
            Assert.Equal((0, 1, 1, 1), (seen.Saved, seen.Told, seen.Aside, seen.DamagedFiles));
        }
    }

    [Fact]
    public async Task ManyRecords_Overwritten_AreAllTold()
    {
        using var left = Left("ready");
        var bytes = File.ReadAllBytes(left.Segment);
        var space = (bytes.Length - SegmentFormat.HeaderBytes) / Records;
        bytes.AsSpan(SegmentFormat.HeaderBytes + (10 * space), 20 * space).Clear();

        Assert.Equal(new Seen(Records - 20, 20, 1, 1, 1), await ShipAsync(left.With(bytes)));
    }

    [Fact]
    public async Task DamagedSegment_IsKeptUntilItsRestIsTaken_AndToldOnce()
    {
        using var left = Left("ready");
        var bytes = File.ReadAllBytes(left.Segment);
        bytes[^10] ^= 4;
        var tries = 0;
        await using var rig = await ShipperRig.StartAsync(left.With(bytes), ownsRoot: true, context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref tries) < 3 ? 503 : 204;
            return Task.CompletedTask;
        });
        await HangGuard.Until(() => rig.Rig.Metric(Damaged) == 1, "it is moved aside");

        Assert.Single(rig.Rig.Logs.Find("is damaged"), e => e.Level is LogLevel.Error
            && e.Text.Contains("59 usage records were saved, 1 lost", StringComparison.Ordinal));
        Assert.Equal(bytes, File.ReadAllBytes(Assert.Single(Directory.GetFiles(Path.Combine(rig.Rig.Root, "refused")))));
        Assert.Single(rig.Bodies.Select(Convert.ToHexString).Distinct());
    }

    [Fact]
    public async Task OpenCalls_BitsFlippedAnywhere_EachCallIsCountedOrReported()
    {
        const int calls = 20;
        using var rig = JournalRig.Start();
        for (var i = 0; i < calls; i++)
        {
            rig.Journal.Progress(rig.Journal.Begin(JournalRig.Call()), 7);
        }

        // These have ended; what was known of them is still in their slots.
        for (var i = 0; i < 5; i++)
        {
            rig.Journal.End(rig.Journal.Begin(JournalRig.Call()), JournalRig.Record());
        }

        rig.Keeper.Flush();
        using var left = new LeftJournal(rig.CopyAsKilled(), "*.calls");
        foreach (var shipped in Directory.GetFiles(left.Root, "*.ready", SearchOption.AllDirectories))
        {
            File.Delete(shipped);
        }

        var whole = File.ReadAllBytes(left.Segment);
        var random = new Random(7);
        for (var i = 0; i < 50; i++)
        {
            var at = i switch
            {
                < 10 => 4 * i,
                < 20 => ((1 + i) * SlotFormat.Bytes) + (i % 4),
                < 30 => ((1 + random.Next(calls + 10)) * SlotFormat.Bytes) + random.Next(12),
                _ => random.Next((calls + 6) * SlotFormat.Bytes),
            };
            var bytes = (byte[])whole.Clone();
            bytes[at] ^= (byte)(1 << random.Next(8));
            var seen = await ShipAsync(left.With(bytes));
            Assert.True(seen.Saved + seen.Lost == calls && seen.Lost is 0 or 1, $"byte {at}: {seen}");
            Assert.True(seen.Lost == 0 || seen is { Told: 1, Aside: 1, DamagedFiles: 1 }, $"byte {at}: {seen}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(3 * SlotFormat.Bytes)]
    public async Task OpenCalls_CutOff_AreTold(int length)
    {
        using var rig = JournalRig.Start();
        for (var i = 0; i < 10; i++)
        {
            rig.Journal.Begin(JournalRig.Call());
        }

        using var left = new LeftJournal(rig.CopyAsKilled(), "*.calls");
        var seen = await ShipAsync(left.With(File.ReadAllBytes(left.Segment)[..length]));

        Assert.Equal((Math.Max(0, (length / SlotFormat.Bytes) - 1), 1, 1, 1), (seen.Saved, seen.Told, seen.Aside, seen.DamagedFiles));
    }

    /// <summary>Lets a gateway take over a folder, and waits until nothing is left there.</summary>
    private static async Task<Seen> ShipAsync(string root, Action? check = null)
    {
        await using var rig = await ShipperRig.StartAsync(root, ownsRoot: true, _ => Task.CompletedTask);
        await HangGuard.Until(() => Directory.GetDirectories(root).Count(d => Path.GetFileName(d) != "refused") == 1, "all is shipped or kept aside");
        var aside = Path.Combine(root, "refused");
        check?.Invoke();
        return new Seen(
            (int)rig.Requests, (int)rig.Rig.Metric(Lost), rig.Rig.Logs.Find("is damaged").Count, Directory.Exists(aside) ? Directory.GetFiles(aside).Length : 0,
            (int)rig.Rig.Metric(Damaged));
    }

    private static LeftJournal Left(string state)
    {
        using var rig = JournalRig.Start(o => o with { SegmentBytes = 64 << 10 });
        for (var i = 0; i < Records; i++)
        {
            rig.Write();
        }

        if (state == "ready")
        {
            rig.Keeper.Flush();
            return new LeftJournal(rig.CopyAsKilled(), "*.ready");
        }

        return new LeftJournal(rig.CopyAsKilled(), Path.GetFileName(rig.Journal.Current!.Path));
    }

    private static int BytesUsed(byte[] segment) => (segment.AsSpan().LastIndexOfAnyExcept((byte)0) + 8) & ~7;

    private sealed record Seen(int Saved, int Lost, int Told, int Aside, int DamagedFiles);

    /// <summary>A folder of which copies are made, each with another content of one of its files.</summary>
    private sealed class LeftJournal(string root, string file) : IDisposable
    {
        public string Root => root;

        public string Segment { get; } = Directory.GetFiles(root, file, SearchOption.AllDirectories).Single();

        public string With(byte[] content)
        {
            var to = Directory.CreateDirectory(Path.Combine(JournalRig.NewRoot(), "gateway")).FullName;
            foreach (var path in Directory.GetFiles(Path.GetDirectoryName(Segment)!))
            {
                File.Copy(path, Path.Combine(to, Path.GetFileName(path)));
            }

            File.WriteAllBytes(Path.Combine(to, Path.GetFileName(Segment)), content);
            return Path.GetDirectoryName(to)!;
        }

        public void Dispose() => Directory.Delete(root, recursive: true);
    }
}
