using System.Xml.Linq;
using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>The files for systemd and launchd.</summary>
public sealed class ServiceFilesTests
{
    private const string Unit = "deploy/systemd/openai-proxy.service";

    // Forwarding:DrainTimeout is 300 s, the rest of the gateway's stop takes at most 30 s, the billing service's 10 s.
    private const int LongestStop = 340;

    private static readonly string[] Sections = ["Unit", "Service", "Install"];

    [Fact]
    public void Unit_ByItsLines_IsConfinedAndHasTheTimeToStop()
    {
        var lines = File.ReadAllLines(Tree.PathTo(Unit)).Where(line => line.Length > 0 && line[0] != '#').ToArray();
        Assert.Equal(Sections, lines.Where(line => line[0] == '[').Select(line => line.Trim('[', ']')));
        var settings = lines.Where(line => line[0] != '[').Select(line => line.Split('=', 2)).ToLookup(pair => pair[0], pair => pair[1]);

        Assert.All(
            [("Type", "notify"), ("DynamicUser", "yes"), ("StateDirectoryMode", "0700"), ("UMask", "0077"), ("ProtectSystem", "strict"),
                ("NoNewPrivileges", "yes"), ("Restart", "on-failure"), ("CapabilityBoundingSet", ""), ("ExecReload", "/bin/kill -HUP $MAINPID")],
            setting => Assert.Equal(setting.Item2, Assert.Single(settings[setting.Item1])));
        Assert.True(int.Parse(settings["TimeoutStopSec"].Single(), System.Globalization.CultureInfo.InvariantCulture) > LongestStop);
        // .NET makes code while it runs.
        Assert.Empty(settings["MemoryDenyWriteExecute"]);
    }

    [Fact]
    public async Task Unit_ForSystemd_HasNoMistakes()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "There is no systemd here.");
        var folder = Directory.CreateTempSubdirectory("openaiproxy-unit-");
        try
        {
            // It looks whether the program is there, which it is only where it is installed.
            var copy = Path.Combine(folder.FullName, Path.GetFileName(Unit));
            var text = await File.ReadAllTextAsync(Tree.PathTo(Unit));
            await File.WriteAllTextAsync(copy, text.Replace("/usr/local/bin/openai-proxy", "/bin/true", StringComparison.Ordinal));
            var (exitCode, output, error) = await RunningCommand.RunAsync("systemd-analyze", ["verify", copy]);

            Assert.True(exitCode == 0, output + error);
            Assert.DoesNotContain(Path.GetFileName(Unit), output + error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Agent_OfLaunchd_IsAPropertyListWithTheTimeToStop()
    {
        var keys = XDocument.Load(Tree.PathTo("deploy/launchd/openai-proxy.plist")).Root!.Element("dict")!.Elements("key").ToDictionary(
            key => key.Value, key => (XElement)key.NextNode!);

        Assert.Equal("openai-proxy", keys["Label"].Value);
        Assert.Equal(["/usr/local/bin/openai-proxy", "run"], keys["ProgramArguments"].Elements("string").Select(item => item.Value));
        Assert.True((int)keys["ExitTimeOut"] > LongestStop);
        // 077, in decimal.
        Assert.Equal(63, (int)keys["Umask"]);
    }
}
