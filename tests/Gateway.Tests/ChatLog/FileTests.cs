using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Gateway.Tests.Metering;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Tests.ChatLog;

/// <summary>The files of the log: whose they are, when a new one begins, how long they stay, and what happens when they can't be written.</summary>
public sealed class FileTests
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2026-11-30T12:00:00Z", CultureInfo.InvariantCulture);

    [Fact]
    public async Task FolderAndFiles_AreTheGatewaysOwn()
    {
        await using var rig = await ChatLogRig.StartAsync();
        await ChatAsync(rig);
        await rig.LineAsync();

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(OwnFile | UnixFileMode.UserExecute, File.GetUnixFileMode(rig.Folder));
            Assert.Equal(OwnFile, File.GetUnixFileMode(Assert.Single(rig.Files)));
        }
    }

    [Fact]
    public async Task Day_BeginsAFile_InUtc()
    {
        var time = new FakeTimeProvider(Noon);
        await using var rig = await ChatLogRig.StartAsync(time);
        await ChatAsync(rig);
        await rig.LinesAsync(1);

        time.Advance(TimeSpan.FromHours(12));
        await ChatAsync(rig);
        await rig.LinesAsync(2);

        Assert.Equal(["chat-2026-11-30", "chat-2026-12-01"], rig.Files.Select(file => Path.GetFileName(file)[..15]));
        Assert.All(rig.Files, file => Assert.Matches("^chat-[0-9-]{10}-[0-9a-f]{8}-[12].jsonl$", Path.GetFileName(file)));
    }

    [Fact]
    public async Task File_ThatIsFull_IsFollowedByAnother()
    {
        await using var rig = await ChatLogRig.StartAsync(("ChatLog:MaxFileBytes", "64KB"));
        for (var i = 1; i <= 3; i++)
        {
            await ChatAsync(rig, new string('x', 30_000));
            await rig.LinesAsync(i);
        }

        await ChatAsync(rig, new string('x', 100_000));
        await rig.LinesAsync(4);

        Assert.Equal([2, 1, 1], rig.Files.Select(file => ChatLogRig.ReadShared(file).Count(c => c == '\n')));
        Assert.InRange(new FileInfo(rig.Files[0]).Length, 60_000, 64 * 1024);
    }

    [Fact]
    public async Task Files_OfDaysThatAreOver_AreDeleted_AndNothingElse()
    {
        var above = Directory.CreateTempSubdirectory("openaiproxy-chatlog-");
        var time = new FakeTimeProvider(Noon);
        string[] names =
        [
            "chat-2026-11-27-00000000-1.jsonl", "chat-2026-11-28-00000000-1.jsonl", "chat-2026-11-29-00000000-1.jsonl", "chat-2026-01-01.jsonl",
            "notes-2026-01-01.txt",
        ];
        var folder = Directory.CreateDirectory(ChatLogRig.FolderIn(above)).FullName;
        Array.ForEach(names, name => File.WriteAllText(Path.Combine(folder, name), "{}\n"));
        await using var rig = await ChatLogRig.StartAsync(above, time, ownsFolder: true, ("ChatLog:KeepDays", "2"));
        Assert.Equal(names[1..].Order(StringComparer.Ordinal), Names(folder));

        time.Advance(TimeSpan.FromDays(1));

        await HangGuard.Until(() => !File.Exists(Path.Combine(folder, names[1])), "the file of the day that is over is deleted");
        Assert.Equal(names[2..].Order(StringComparer.Ordinal), Names(folder));
    }

    [Fact]
    public async Task TwoGateways_MayShareAFolder()
    {
        await using var rig = await ChatLogRig.StartAsync();
        await ChatAsync(rig);
        await rig.LinesAsync(1);
        await using var second = await rig.StartSecondAsync();

        await Task.WhenAll(ChatsAsync(rig), ChatsAsync(second));

        await rig.LinesAsync(41);
        Assert.Equal(2, rig.Files.Length);
    }

    [Fact]
    public async Task Line_ThatAKilledGatewayHadBegun_IsCutOff()
    {
        var above = Directory.CreateTempSubdirectory("openaiproxy-chatlog-");
        var folder = Directory.CreateDirectory(ChatLogRig.FolderIn(above)).FullName;
        var (torn, empty) = (Path.Combine(folder, "chat-2026-11-30-00000000-1.jsonl"), Path.Combine(folder, "chat-2026-11-30-00000000-2.jsonl"));
        await File.WriteAllTextAsync(torn, "{\"id\":1}\n{\"id\":2}\n{\"id\":3,\"request\":\"" + new string('x', 200_000));
        await File.WriteAllTextAsync(empty, "{\"id\"");
        Array.ForEach([torn, empty], file => File.SetLastWriteTimeUtc(file, Noon.UtcDateTime.AddMinutes(-6)));

        await using var rig = await ChatLogRig.StartAsync(above, new FakeTimeProvider(Noon), ownsFolder: true);

        Assert.Equal(("{\"id\":1}\n{\"id\":2}\n", ""), (await File.ReadAllTextAsync(torn), await File.ReadAllTextAsync(empty)));
    }

    [Fact]
    public async Task Line_ThatAnotherGatewayIsWriting_IsLeftAlone()
    {
        var above = Directory.CreateTempSubdirectory("openaiproxy-chatlog-");
        var file = Path.Combine(Directory.CreateDirectory(ChatLogRig.FolderIn(above)).FullName, "chat-2026-11-30-00000000-1.jsonl");
        await using var writing = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, 0);
        writing.Write("{\"id\""u8);
        File.SetLastWriteTimeUtc(file, Noon.UtcDateTime.AddMinutes(-6));

        await using var rig = await ChatLogRig.StartAsync(above, new FakeTimeProvider(Noon), ownsFolder: true);

        Assert.Equal("{\"id\"", ChatLogRig.ReadShared(file));
    }

    // Network file systems keep no lock on a file that is only written: its time alone says that somebody may be writing it.
    [Fact]
    public async Task Line_OfSomeMinutesAgo_IsLeftAlone_UntilItIsOlder()
    {
        var above = Directory.CreateTempSubdirectory("openaiproxy-chatlog-");
        var time = new FakeTimeProvider(Noon);
        var folder = Directory.CreateDirectory(ChatLogRig.FolderIn(above)).FullName;
        var (past, future) = (Path.Combine(folder, "chat-2026-11-30-00000000-1.jsonl"), Path.Combine(folder, "chat-2026-11-30-00000001-1.jsonl"));
        await File.WriteAllTextAsync(past, "{}\n{\"id\"");
        await File.WriteAllTextAsync(future, "{}\n{\"id\"");
        File.SetLastWriteTimeUtc(past, Noon.UtcDateTime.AddMinutes(-4));
        File.SetLastWriteTimeUtc(future, Noon.UtcDateTime.AddMinutes(30));
        await using var rig = await ChatLogRig.StartAsync(above, time, ownsFolder: true);
        Assert.Equal("{}\n{\"id\"", await File.ReadAllTextAsync(past));

        time.Advance(TimeSpan.FromMinutes(10));

        await HangGuard.Until(() => ChatLogRig.ReadShared(past) == "{}\n", "the line of a killed gateway is cut off");
        Assert.Equal("{}\n{\"id\"", await File.ReadAllTextAsync(future));
    }

    [Fact]
    public async Task Folder_ThatCannotBeWritten_StopsTheStartNamingTheSetting()
    {
        var above = Directory.CreateTempSubdirectory("openaiproxy-chatlog-");
        var file = Path.Combine(above.FullName, "data");
        await File.WriteAllTextAsync(file, "");

        var error = await Assert.ThrowsAsync<SettingsException>(() => ChatLogRig.StartAsync(above, TimeProvider.System, ownsFolder: true));

        Assert.StartsWith($"ChatLog:Directory is '{ChatLogRig.FolderIn(above)}', which can't be written", Assert.Single(error.Errors), StringComparison.Ordinal);
        above.Delete(recursive: true);
    }

    [Fact]
    public async Task Folder_ThatIsLostLater_LosesLinesAndNoCalls_AndIsSaidOnce()
    {
        await using var rig = await ChatLogRig.StartAsync();
        var dropped = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "openaiproxy.chat_log.dropped" && instrument.Meter.Scope == rig.Gateway.Services.GetService(typeof(IMeterFactory)))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref dropped, value));
        listener.Start();
        await ChatAsync(rig);
        await rig.LinesAsync(1);
        Directory.Delete(rig.Folder, recursive: true);
        await File.WriteAllTextAsync(rig.Folder, "");

        for (var i = 1; i <= 3; i++)
        {
            await ChatAsync(rig);
            await HangGuard.Until(() => Interlocked.Read(ref dropped) == i, "the lost line is counted");
        }

        Assert.Single(rig.Gateway.Logs.Entries, e => e.Level == LogLevel.Warning && e.Text.Contains("The chat log lost a line", StringComparison.Ordinal));
        File.Delete(rig.Folder);
        await ChatAsync(rig);
        await rig.LineAsync();
    }

    private static string[] Names(string folder) => [.. Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];

    private static async Task ChatsAsync(ChatLogRig rig)
    {
        for (var i = 0; i < 20; i++)
        {
            await ChatAsync(rig);
        }
    }

    private static async Task ChatAsync(ChatLogRig rig, string text = "hello")
    {
        var (_, answer) = await rig.Metered.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat, "{\"model\":\"gpt-4o-mini\",\"messages\":\"" + text + "\"}"), MeteredRig.Answer("{}"));
        Assert.Equal(200, answer.Head.Status);
    }
}
