using OpenAIProxy.UsageJournal.Files;

namespace OpenAIProxy.Gateway.Tests.Metering.Journal;

/// <summary>Nobody but the gateway's own user may read the journal.</summary>
public sealed class FileModeTests : IDisposable
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = OwnFile | UnixFileMode.UserExecute;
    private const UnixFileMode Everybody = OwnFolder | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly DirectoryInfo _above = Directory.CreateTempSubdirectory("openaiproxy-modes-");

    public void Dispose() => _above.Delete(recursive: true);

    [Fact]
    public async Task Journal_OfAGateway_IsItsOwn()
    {
        var root = Path.Combine(_above.FullName, "data", "journal");
        await using var upstream = new RawUpstream();
        await using var gateway = await GatewayHost.StartAsync(
            upstream.Address, ("services:billing:http:0", "http://127.0.0.1:9"), ("Internal:Token", "0123456789abcdef"), ("Metering:JournalDirectory", root),
            ("OpenAI:ApiKey", Keys.Operator));
        var asked = gateway.Client.GetAsync(new Uri("/v1/models", UriKind.Relative));
        await upstream.AnswerAsync(Rig.Ok);
        using var answer = await asked;

        await HangGuard.Until(() => Directory.GetFiles(root, "*", SearchOption.AllDirectories).Length > 2, "the journal's files");
        AssertOwn(Path.Combine(_above.FullName, "data"));
    }

    [Fact]
    public void Folder_OfAnEarlierVersion_IsClosedWhenItIsTakenOver()
    {
        var root = _above.FullName;
        using (JournalFolder.Create(root, TimeProvider.System))
        {
            // Leaves a folder only if something is in it.
            File.WriteAllBytes(Path.Combine(Directory.GetDirectories(root)[0], "01.ready"), [1]);
        }

        Directory.CreateDirectory(Path.Combine(root, "refused"));
        File.WriteAllBytes(Path.Combine(root, "refused", "01.refused"), [1]);
        foreach (var entry in Directory.GetFileSystemEntries(root, "*", SearchOption.AllDirectories))
        {
            SetMode(entry, Everybody);
        }

        using var own = JournalFolder.Create(root, TimeProvider.System);
        var folder = Assert.Single(JournalFolder.Adopt(root, own.Path, TimeProvider.System));
        folder.MoveAside(Path.Combine(folder.Path, "01.ready"), JournalFolder.Refused);

        Array.ForEach(Directory.GetDirectories(root), AssertOwn);
        folder.Dispose();
    }

    [Fact]
    public void Link_InAFolderThatIsClosed_LeavesItsTargetAsItIs()
    {
        var root = Path.Combine(_above.FullName, "journal");
        var target = Path.Combine(_above.FullName, "somebody's");
        File.WriteAllBytes(target, [1]);
        SetMode(target, Everybody);
        using (JournalFolder.Create(root, TimeProvider.System))
        {
            File.CreateSymbolicLink(Path.Combine(Directory.GetDirectories(root)[0], "01.ready"), target);
        }

        using var own = JournalFolder.Create(root, TimeProvider.System);
        Assert.Single(JournalFolder.Adopt(root, own.Path, TimeProvider.System)).Dispose();

        Assert.Equal(Everybody, Mode(target));
    }

    private static void AssertOwn(string folder)
    {
        Assert.Equal(OwnFolder, Mode(folder));
        Assert.All(Directory.GetFiles(folder), file => Assert.Equal(OwnFile, Mode(file)));
        Array.ForEach(Directory.GetDirectories(folder), AssertOwn);
    }

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
