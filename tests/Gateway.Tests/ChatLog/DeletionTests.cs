using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;

namespace OpenAIProxy.Gateway.Tests.ChatLog;

/// <summary>A file that can't be deleted fills the disk: it is said.</summary>
public sealed class DeletionTests
{
    [Fact]
    public async Task File_ThatCannotBeDeleted_IsSaidOncePerHour()
    {
        var time = new FakeTimeProvider(DateTimeOffset.Parse("2026-11-30T12:00:00Z", CultureInfo.InvariantCulture));
        await using var rig = await ChatLogRig.StartAsync(time, ("ChatLog:KeepDays", "1"));
        var old = Path.Combine(rig.Folder, "chat-2026-11-28-00000000-1.jsonl");
        await File.WriteAllTextAsync(old, "{}\n");
        Assert.SkipUnless(await ProtectAsync(rig.Folder, old, isOn: true), "Nothing here keeps this user from deleting a file.");

        for (var minutes = 0; minutes < 50; minutes += 10)
        {
            time.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.True(await ProtectAsync(rig.Folder, old, isOn: false));
        Assert.Contains(old, Assert.Single(rig.Gateway.Logs.Find("can't be deleted")).Text, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromMinutes(10));
        await HangGuard.Until(() => !File.Exists(old), "it is deleted as soon as it can be");
    }

    // Root may delete what the mode of a folder forbids, but not what is immutable.
    private static async Task<bool> ProtectAsync(string folder, string file, bool isOn)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        if (!Environment.IsPrivilegedProcess)
        {
            const UnixFileMode read = UnixFileMode.UserRead | UnixFileMode.UserExecute;
            File.SetUnixFileMode(folder, isOn ? read : read | UnixFileMode.UserWrite);
            return true;
        }

        if (!File.Exists("/usr/bin/chattr"))
        {
            return false;
        }

        using var chattr = Process.Start(new ProcessStartInfo("chattr", [isOn ? "+i" : "-i", file]) { RedirectStandardError = true })!;
        await chattr.WaitForExitAsync();
        return chattr.ExitCode == 0;
    }
}
