using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Contracts;
using OpenAIProxy.Pricing;
using OpenAIProxy.TestKit.Journals;
using OpenAIProxy.UsageJournal.Calls;
using OpenAIProxy.UsageJournal.Files;
using OpenAIProxy.UsageJournal.Recovery;

namespace OpenAIProxy.UsageJournal.Tests;

public sealed class RecoveryTests
{
    [Fact]
    public async Task Killed_RecordsWritten_AreThere()
    {
        using var rig = JournalRig.Start();
        var ids = Enumerable.Range(0, 100).Select(_ => rig.Write()).ToHashSet();

        using var recovered = await JournalRig.RecoverAsync(rig.CopyAsKilled());

        Assert.True(recovered.ReadReady().ConvertAll(r => r.Id).ToHashSet().SetEquals(ids));
        Assert.Single(recovered.Logs.Find("100 records kept, 0 incomplete"));
    }

    [Fact]
    public async Task Killed_InTheMiddleOfARecord_KeepsTheOthersAndSaysSo()
    {
        using var rig = JournalRig.Start();
        var id = rig.Write();
        var half = rig.Journal.Current!;
        half.Reserve(100);
        rig.Write();

        using var recovered = await JournalRig.RecoverAsync(rig.CopyAsKilled());
        half.Leave();

        Assert.Equal(2, recovered.ReadReady().Count);
        Assert.Contains(recovered.ReadReady(), r => r.Id == id);
        Assert.Single(recovered.Logs.Find("2 records kept, 1 incomplete"));
        Assert.Equal(1, recovered.Metric(JournalTelemetry.TornName));
    }

    [Fact]
    public async Task Killed_BetweenRecordAndItsSlot_CountsTheCallOnce()
    {
        using var rig = JournalRig.Start();
        var call = JournalRig.Call();
        rig.Journal.Begin(call);
        Assert.True(rig.Journal.TryAppend(RecordFormatTests.Encode(JournalRig.Record(call.Id)), -1, 1));

        using var recovered = await JournalRig.RecoverAsync(rig.CopyAsKilled());

        var record = Assert.Single(recovered.ReadReady());
        Assert.Equal((call.Id, false), (record.Id, record.IsCut));
    }

    [Fact]
    public async Task Killed_RecordStillInMemory_IsRecordedAsCut()
    {
        using var rig = JournalRig.Start();
        var call = JournalRig.Call();
        var open = rig.Journal.Begin(call);
        var root = rig.CopyAsKilled();
        rig.Journal.End(open, JournalRig.Record(call.Id));

        using var recovered = await JournalRig.RecoverAsync(root);

        Assert.True(Assert.Single(recovered.ReadReady()).IsCut);
    }

    // A look at a response, and one that is made in the background: another look counts its tokens.
    [Fact]
    public async Task Killed_InACallThatIsCountedElsewhere_IsFree()
    {
        using var rig = JournalRig.Start();
        rig.Journal.Progress(rig.Journal.Begin(JournalRig.Call() with { IsFree = true }), 500);

        using var recovered = await JournalRig.RecoverAsync(rig.CopyAsKilled());

        var line = Assert.Single(Assert.Single(recovered.ReadReady()).Lines);
        Assert.Equal((UsageUnit.Free, false, new UsageCounts { Requests = 1, Cut = 1 }), (line.Unit, line.Estimated, line.Counts));
    }

    [Fact]
    public async Task Killed_InCallsWithInventedNames_KeepsAFewOfEachKey()
    {
        using var rig = JournalRig.Start();
        for (var i = 0; i < 12; i++)
        {
            rig.Journal.Begin(JournalRig.Call(model: $"made-up-{i}"));
            rig.Journal.Begin(JournalRig.Call(model: "made-up-0"));
            rig.Journal.Begin(JournalRig.Call(model: "gpt-4o"));
        }

        rig.Journal.Begin(JournalRig.Call(model: "made-up-11") with { Key = "key_2" });

        using var recovered = await JournalRig.RecoverAsync(rig.CopyAsKilled());

        var calls = recovered.ReadReady().ToLookup(r => r.Key, r => r.RequestedModel);
        Assert.Equal(
            [(UsageDimensions.Other, 2), ("gpt-4o", 12), ("made-up-0", 13)],
            calls["key_1"].CountBy(m => m).Where(m => m.Value > 1).Select(m => (m.Key, m.Value)).OrderBy(m => m.Key, StringComparer.Ordinal));
        Assert.Equal(12, calls["key_1"].Distinct().Count());
        Assert.Equal(["made-up-11"], calls["key_2"]);
    }

    [Fact]
    public void Recovery_KilledItselfAndDoneAgain_MakesTheSameSegment()
    {
        using var rig = JournalRig.Start();
        rig.Journal.Begin(JournalRig.Call());
        rig.Write();
        var root = rig.CopyAsKilled();
        try
        {
            var folder = Assert.Single(JournalFolder.Adopt(root, "", TimeProvider.System));
            var calls = Assert.Single(folder.Files(JournalFolder.Calls));
            var before = File.ReadAllBytes(calls);
            Assert.Equal(1, Run(folder));
            var first = folder.Files(JournalFolder.Ready).ToDictionary(f => f, File.ReadAllBytes);
            // It was killed before it could delete this, or rename the open segment.
            File.WriteAllBytes(calls, before);
            var written = first.Keys.Single(f => JournalRig.Read(first[f]).TrueForAll(r => !r.IsCut));
            File.Move(written, Path.ChangeExtension(written, JournalFolder.Open));

            Assert.Equal(1, Run(folder));

            var second = folder.Files(JournalFolder.Ready).ToDictionary(f => f, File.ReadAllBytes);
            Assert.Equal(first.Keys.Order(), second.Keys.Order());
            Assert.All(first, f => Assert.Equal(f.Value, second[f.Key]));
            folder.Dispose();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        static int Run(JournalFolder folder)
        {
            var recovery = new JournalRecovery(folder, PriceBook.BuiltIn.Knows);
            recovery.Run();
            return recovery.Cut;
        }
    }

    [Fact]
    public async Task Slot_Garbled_IsTold()
    {
        using var rig = JournalRig.Start();
        rig.Journal.Begin(JournalRig.Call());
        rig.Write();
        var root = rig.CopyAsKilled();
        var calls = Directory.GetFiles(root, "*.calls", SearchOption.AllDirectories)[0];
        var bytes = File.ReadAllBytes(calls);
        bytes[SlotFormat.Bytes + 20] ^= 1;
        File.WriteAllBytes(calls, bytes);

        using var recovered = await JournalRig.RecoverAsync(root);

        Assert.False(Assert.Single(recovered.ReadReady()).IsCut);
        Assert.Equal(1, recovered.Metric(JournalTelemetry.LostName));
        Assert.Single(recovered.Logs.Find("is damaged (records): 0 usage records were saved, 1 lost"));
        Assert.Equal(bytes, File.ReadAllBytes(Assert.Single(Directory.GetFiles(JournalFolder.Aside(root)))));
    }

    [Fact]
    public async Task Calls_OfTheFirstRelease_AreRecordedAsCut()
    {
        using var rig = JournalRig.Start();
        rig.Journal.Begin(JournalRig.Call());
        rig.Journal.Progress(rig.Journal.Begin(JournalRig.Call()), 500);
        var root = rig.CopyAsKilled();
        var calls = Directory.GetFiles(root, "*.calls", SearchOption.AllDirectories)[0];
        var bytes = File.ReadAllBytes(calls);
        BitConverter.TryWriteBytes(bytes.AsSpan(8), 1UL);
        bytes.AsSpan(32, 32).Clear();
        BitConverter.TryWriteBytes(bytes.AsSpan(SlotFormat.Bytes), 1);
        BitConverter.TryWriteBytes(bytes.AsSpan(2 * SlotFormat.Bytes), 2);
        BitConverter.TryWriteBytes(bytes.AsSpan((2 * SlotFormat.Bytes) + 8), 500);
        File.WriteAllBytes(calls, bytes);

        using var recovered = await JournalRig.RecoverAsync(root);

        Assert.Equal([0L, 500L], recovered.ReadReady().ConvertAll(r => r.Lines[0].Counts.Output).Order());
        Assert.Equal(0, recovered.Metric(JournalTelemetry.DamagedName));
    }

    [Fact]
    public async Task TwoGateways_OneFolder_KeepApart()
    {
        using var first = JournalRig.Start();
        var second = JournalRig.Start(first.Root, ownsRoot: false);
        var ids = new[] { first.Write(), second.Write() };
        first.Keeper.Flush();
        second.Keeper.Flush();

        Assert.Equal((1, 1), (first.Ready.Count, second.Ready.Count));

        second.Dispose();
        await HangGuard.Until(() => first.Ready.Count == 2, "the first takes over what the second left");
        Assert.Equal(ids.Order(), first.ReadReady().ConvertAll(r => r.Id).Order());
    }

    [Fact]
    public async Task OldFolder_AllShipped_IsDeleted()
    {
        using var rig = JournalRig.Start();
        rig.Write();
        using var recovered = await JournalRig.RecoverAsync(rig.CopyAsKilled());
        var segment = await recovered.Ready.Queue.ReadAsync().Guarded();
        File.Delete(segment.Path);
        recovered.Ready.Done(segment);

        await HangGuard.Until(() => Directory.GetDirectories(recovered.Root).Length == 1, "the old folder is gone");
    }

    [Fact]
    public void FolderOfAnotherMachine_IsTakenOverWhenItHasBeenSilent()
    {
        using var rig = JournalRig.Start();
        rig.Write();
        var root = rig.CopyAsKilled();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        try
        {
            var held = Assert.Single(Directory.GetFiles(root, "lock", SearchOption.AllDirectories));
            File.WriteAllText(held, "another machine");
            Assert.Empty(JournalFolder.Adopt(root, "", time));

            time.Advance(JournalFolder.Silence + TimeSpan.FromSeconds(1));
            Assert.Single(JournalFolder.Adopt(root, "", time)).Dispose();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void Folder_InUse_SaysThatItsGatewayLives()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var folder = JournalFolder.Create(JournalRig.NewRoot(), time);
        var held = Path.Combine(folder.Path, "lock");
        File.SetLastWriteTimeUtc(held, DateTime.UnixEpoch);

        folder.Beat();

        Assert.True(folder.HasRealLock);
        Assert.Equal(time.GetUtcNow().UtcDateTime, File.GetLastWriteTimeUtc(held), TimeSpan.FromSeconds(1));
        Directory.Delete(Path.GetDirectoryName(folder.Path)!, recursive: true);
    }
}
