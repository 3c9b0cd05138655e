using System.Collections.Concurrent;
using OpenAIProxy.Contracts;
using OpenAIProxy.TestKit.Journals;
using OpenAIProxy.UsageJournal.Calls;

namespace OpenAIProxy.UsageJournal.Tests;

public sealed class JournalTests
{
    [Fact]
    public async Task Segment_AfterItsTime_IsReadyAndNoLongerThanItsRecords()
    {
        using var rig = JournalRig.Start(o => o with { CloseAfter = TimeSpan.FromMilliseconds(30) });
        var id = rig.Write();
        await HangGuard.Until(() => rig.Ready.Count == 1, "the segment is ready");

        Assert.Equal(id, Assert.Single(rig.ReadReady()).Id);
        Assert.True(new FileInfo(Directory.GetFiles(rig.Root, "*.ready", SearchOption.AllDirectories)[0]).Length < 512);
        Assert.True(rig.Journal.IsWritable);
        Assert.True(rig.Journal.Current!.IsEmpty);
    }

    [Fact]
    public void Stop_NothingOpen_LeavesOnlyWhatIsNotShipped()
    {
        var root = JournalRig.NewRoot();
        try
        {
            using (JournalRig.Start(root, ownsRoot: false))
            {
                Assert.NotEmpty(Directory.GetFiles(root, "*.open", SearchOption.AllDirectories));
            }

            Assert.Empty(Directory.GetFileSystemEntries(root));
            using (var rig = JournalRig.Start(root, ownsRoot: false))
            {
                rig.Write();
            }

            Assert.Equal([".ready", "lock"], Directory.GetFiles(root, "*", SearchOption.AllDirectories)
                .Select(f => Path.GetExtension(f) is { Length: > 0 } e ? e : Path.GetFileName(f)).Order());
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void Record_TooLargeForASegment_IsCountedAsDropped()
    {
        using var rig = JournalRig.Start(o => o with { SegmentBytes = 8192 });
        var call = JournalRig.Call();
        rig.Journal.End(rig.Journal.Begin(call), JournalRig.Record(call.Id, [.. Enumerable.Repeat(JournalRig.Line(new string('m', 128)), 100)]));

        Assert.Equal(1, rig.Metric(JournalTelemetry.DroppedName));
        rig.Write();
        rig.Keeper.Flush();
        Assert.Single(rig.ReadReady());
    }

    [Fact]
    public void Record_LargerThanTheStack_IsWritten()
    {
        using var rig = JournalRig.Start();
        rig.Journal.End(rig.Journal.Begin(JournalRig.Call()), JournalRig.Record(null, [.. Enumerable.Repeat(JournalRig.Line(), 500)]));
        rig.Keeper.Flush();

        Assert.Equal(500, Assert.Single(rig.ReadReady()).Lines.Count);
    }

    [Fact]
    public void Lag_RecordNotShipped_IsItsAge()
    {
        using var rig = JournalRig.Start();
        Assert.Equal(0, rig.Metric(JournalTelemetry.LagName));
        rig.Write();
        Assert.True(rig.Metric(JournalTelemetry.LagName) > 0);
        rig.Keeper.Flush();
        Assert.True(rig.Metric(JournalTelemetry.LagName) > 0);
        Assert.Equal(1, rig.Metric(JournalTelemetry.WaitingName));
        Assert.True(rig.Ready.Queue.TryRead(out var segment));
        rig.Ready.Done(segment);
        Assert.Equal(0, rig.Metric(JournalTelemetry.LagName));
    }

    [Fact]
    public async Task OpenCalls_MoreThanATable_GetAnother()
    {
        using var rig = JournalRig.Start(o => o with { SlotsPerTable = 8 });
        var calls = new List<OpenCall>();
        while (calls.Count < 8 * OpenCalls.MostTables)
        {
            await HangGuard.Until(() => (calls.Count / 8) == OpenCalls.MostTables - 1 || !rig.Journal.Calls.NeedsTable, "there is a table");
            calls.Add(rig.Journal.Begin(JournalRig.Call()));
        }

        Assert.DoesNotContain(calls, c => c.Slot < 0);
        Assert.Equal(-1, rig.Journal.Begin(JournalRig.Call()).Slot);
        Assert.Equal(1, rig.Metric(JournalTelemetry.UntrackedName));
        rig.Journal.End(calls[0], JournalRig.Record());
        Assert.True(rig.Journal.Begin(JournalRig.Call()).Slot >= 0);
        rig.Journal.End(new OpenCall(-1), JournalRig.Record());
        Assert.Equal(2, rig.Metric(JournalTelemetry.RecordsName));
    }

    [Fact]
    public async Task Call_EndedTwice_DisturbsNoOther()
    {
        using var rig = JournalRig.Start();
        var first = rig.Journal.Begin(JournalRig.Call());
        rig.Journal.End(first, JournalRig.Record());
        var other = JournalRig.Call(inputEstimate: 11);
        var second = rig.Journal.Begin(other);
        rig.Journal.End(first, JournalRig.Record());
        rig.Journal.Progress(first, 99);

        Assert.NotEqual(first, second);
        using var recovered = await JournalRig.RecoverAsync(rig.CopyAsKilled());
        var cut = Assert.Single(recovered.ReadReady(), r => r.IsCut);
        Assert.Equal((other.Id, 0L), (cut.Id, cut.Lines[0].Counts.Output));
    }

    [Fact]
    public void Slots_TakenByManyThreads_AreNeverShared()
    {
        using var rig = JournalRig.Start();
        var taken = new ConcurrentDictionary<int, bool>();
        Parallel.For(0, 20_000, _ =>
        {
            var call = rig.Journal.Begin(JournalRig.Call());
            if (call.Slot >= 0)
            {
                Assert.True(taken.TryAdd(call.Slot & 0x3FFFF, true));
                Assert.True(taken.TryRemove(call.Slot & 0x3FFFF, out var _));
                rig.Journal.Calls.Free(call.Slot);
            }
        });
        Assert.Empty(taken);
    }

    [Theory]
    [InlineData(10, false, UsageUnit.Tokens)]
    [InlineData(0, false, UsageUnit.Unmetered)]
    [InlineData(0, true, UsageUnit.Free)]
    public async Task OpenCall_GatewayKilled_IsRecordedAsCut(int input, bool isFree, string unit)
    {
        using var rig = JournalRig.Start();
        var call = JournalRig.Call(input) with { IsFree = isFree };
        var open = rig.Journal.Begin(call);
        rig.Journal.Progress(open, 2 * input);

        using var recovered = await JournalRig.RecoverAsync(rig.CopyAsKilled());

        var record = Assert.Single(recovered.ReadReady());
        Assert.Equal((call.Id, call.Started, "key_1", "chat", "gpt-4o", "eu"),
            (record.Id, record.Started, record.Key, record.Endpoint, record.RequestedModel, record.Region));
        Assert.Equal((true, -1, -1, 0), (record.IsCut, record.Duration, record.FirstToken, record.Status));
        var line = Assert.Single(record.Lines);
        Assert.Equal((unit, input > 0), (line.Unit, line.Estimated));
        Assert.Equal(new UsageCounts { Requests = 1, Cut = 1, Input = input, Output = 2 * input }, line.Counts);
        Assert.Single(recovered.Logs.Find("1 open calls recorded as cut"));
    }
}
