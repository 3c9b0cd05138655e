using System.Collections.Concurrent;
using OpenAIProxy.TestKit.Journals;

namespace OpenAIProxy.UsageJournal.Tests;

[Collection(nameof(Alone))]
public sealed class JournalThreadsTests
{
    [Fact]
    public async Task Threads_ManyAtOnce_EveryRecordIsThereOnce()
    {
        const int Threads = 16;
        const int Each = 20_000;
        using var rig = JournalRig.Start(o => o with { SlotsPerTable = 1024, CloseAfter = TimeSpan.FromMilliseconds(20) });
        var ids = new ConcurrentBag<Guid[]>();
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            var written = new Guid[Each];
            for (var i = 0; i < Each; i++)
            {
                // No requests come that fast; memory has a cap.
                for (; rig.Journal.Pending.Count > rig.Options.MemoryRecords / 2; Thread.Yield())
                {
                }

                written[i] = rig.Write();
            }

            ids.Add(written);
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        await Task.WhenAll(threads.Select(t => Task.Factory.StartNew(t.Join, TaskCreationOptions.LongRunning)));
        await HangGuard.Until(() => rig.Journal.Pending.Count == 0, "memory is empty");
        rig.Keeper.Flush();

        var found = rig.ReadReady().ConvertAll(r => r.Id);
        Assert.Equal(Threads * Each, found.Count);
        Assert.True(found.ToHashSet().SetEquals(ids.SelectMany(i => i)));
        Assert.Equal(0, rig.Journal.Dropped);
        Assert.Equal(Threads * Each, rig.Metric(JournalTelemetry.RecordsName));
    }
}
