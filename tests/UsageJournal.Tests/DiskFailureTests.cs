using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenAIProxy.TestKit.Journals;

namespace OpenAIProxy.UsageJournal.Tests;

public sealed class DiskFailureTests
{
    [Fact]
    public async Task FolderCantBeMade_RecordsWaitInMemory_AndAreWrittenWhenItCan()
    {
        var root = JournalRig.NewRoot();
        File.WriteAllText(root, "in the way");
        using var rig = JournalRig.Start(root, ownsRoot: true);
        var ids = Enumerable.Range(0, 1000).Select(_ => rig.Write()).ToHashSet();

        Assert.False(rig.Journal.IsWritable);
        Assert.Equal(1000, rig.Metric(JournalTelemetry.MemoryName));
        Assert.Single(rig.Logs.Find("can't be written"), e => e.Level is LogLevel.Error);

        File.Delete(root);
        await HangGuard.Until(() => rig.Journal is { IsWritable: true, Pending.Count: 0 }, "they are written");
        ids.Add(rig.Write());
        rig.Keeper.Flush();
        Assert.True(rig.ReadReady().ConvertAll(r => r.Id).ToHashSet().SetEquals(ids));
        Assert.Single(rig.Logs.Find("can be written again"));
        Assert.True(rig.Journal.Begin(JournalRig.Call()).Slot >= 0);
    }

    [Fact]
    public async Task Memory_Full_DropsAndSaysHowMany()
    {
        var root = JournalRig.NewRoot();
        File.WriteAllText(root, "in the way");
        using var rig = JournalRig.Start(root, ownsRoot: true, o => o with { MemoryRecords = 10 });
        for (var i = 0; i < 25; i++)
        {
            rig.Write();
        }

        await HangGuard.Until(() => rig.Logs.Find("Usage records are being dropped").Count == 1, "the loss is told");
        Assert.Equal(15, rig.Metric(JournalTelemetry.DroppedName));
        File.Delete(root);
        await HangGuard.Until(() => rig.Logs.Find("15 usage records were dropped").Count == 1, "the sum is told");
        rig.Keeper.Flush();
        Assert.Equal(10, rig.ReadReady().Count);
    }

    [Fact]
    public void Memory_TooManyBytes_Drops()
    {
        var root = JournalRig.NewRoot();
        File.WriteAllText(root, "in the way");
        using var rig = JournalRig.Start(root, ownsRoot: true, o => o with { MemoryBytes = 1000 });
        for (var i = 0; i < 10; i++)
        {
            rig.Write();
        }

        Assert.InRange(rig.Journal.Pending.Count, 1, 9);
        Assert.Equal(10 - rig.Journal.Pending.Count, rig.Journal.Dropped);
        File.Delete(root);
    }

    [Fact]
    public async Task Folder_DeletedWhileRunning_LosesNothing()
    {
        using var rig = JournalRig.Start();
        var open = rig.Journal.Begin(JournalRig.Call());
        var ids = new HashSet<Guid> { rig.Write(), rig.Write() };
        await HangGuard.Until(() => TryDelete(rig.Root), "the folder is gone");
        ids.Add(rig.Write());

        await HangGuard.Until(() => Directory.Exists(rig.Root) && rig.Journal is { IsWritable: true, Pending.Count: 0 }, "there is a new folder");
        var ended = JournalRig.Record();
        rig.Journal.End(open, ended);
        ids.Add(ended.Id);
        ids.Add(rig.Write());
        await HangGuard.Until(
            () =>
            {
                rig.Keeper.Flush();
                return rig.ReadReady().Count >= ids.Count;
            },
            "all is written");

        Assert.Equal(ids.Order(), rig.ReadReady().ConvertAll(r => r.Id).Order());
        await HangGuard.Until(() => Directory.GetFiles(rig.Root, "*.calls", SearchOption.AllDirectories).Length == 1, "there is a new table");
    }

    [Fact]
    public async Task Folder_MovedAwayAndBack_CountsNothingTwice()
    {
        using var rig = JournalRig.Start();
        var id = rig.Write();
        var folder = Directory.GetDirectories(rig.Root)[0];
        var away = JournalRig.NewRoot();
        Directory.Move(folder, away);
        await HangGuard.Until(() => Directory.GetDirectories(rig.Root) is [var other] && other != folder, "there is a new folder");
        await HangGuard.Until(() => rig.Metric(JournalTelemetry.RecordsName) == 2, "the record is written again");
        Directory.Move(away, folder);
        await HangGuard.Until(() => !Directory.Exists(folder), "the old folder is taken over");
        rig.Keeper.Flush();

        Assert.Equal(id, Assert.Single(rig.ReadReady()).Id);
    }

    [Fact]
    public async Task Disk_Full_CallsGoOn_AndRecordsAreWrittenWhenThereIsRoom()
    {
        var root = Directory.CreateDirectory(JournalRig.NewRoot()).FullName;
        if (!await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", root))
        {
            // Not allowed here; the other tests have other troubles with the disk.
            Directory.Delete(root);
            return;
        }

        try
        {
            using var rig = JournalRig.Start(root, ownsRoot: false, o => o with { SegmentBytes = 64 << 10 });
            Assert.True(rig.Journal.IsWritable);
            var filler = Path.Combine(root, "filler");
            Fill(filler);
            var ids = new HashSet<Guid>();
            await HangGuard.Until(
                () =>
                {
                    // Until the keeper sees that the disk is full, memory takes records fast: more than there is going to be room for.
                    while (rig.Journal is { IsWritable: true, Pending.Count: < 200 })
                    {
                        ids.Add(rig.Write());
                    }

                    return !rig.Journal.IsWritable;
                },
                "the disk is full");

            for (var i = 0; i < 100; i++)
            {
                ids.Add(rig.Write());
            }

            await HangGuard.Until(() => rig.Logs.Find("can't be written").Count > 0, "it is told");
            File.Delete(filler);
            await HangGuard.Until(() => rig.Journal is { IsWritable: true, Pending.Count: 0 }, "there is room");
            rig.Keeper.Flush();
            Assert.True(rig.ReadReady().ConvertAll(r => r.Id).ToHashSet().SetEquals(ids));
            Assert.Equal(ids.Count, rig.ReadReady().Count);
        }
        finally
        {
            Assert.True(await RunAsync("umount", "-l", root));
            Directory.Delete(root);
        }
    }

    // The keeper makes files meanwhile, and a folder that gets one while it is emptied stays.
    private static bool TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Fill(string path)
    {
        using var file = File.Create(path, 1);
        try
        {
            while (true)
            {
                file.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            await process.WaitForExitAsync().Guarded();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
