using OpenAIProxy.BillingService.Tests.Reports;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>Nobody but the service's own user may read the ledger.</summary>
public sealed class FileModeTests : IDisposable
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = OwnFile | UnixFileMode.UserExecute;

    private readonly DirectoryInfo _above = Directory.CreateTempSubdirectory("openaiproxy-modes-");

    public void Dispose() => _above.Delete(recursive: true);

    [Fact]
    public async Task Ledger_AndWhatSqliteKeepsBesideIt_AreItsOwn()
    {
        var folder = Path.Combine(_above.FullName, "data", "below");
        await using var billing = await BillingHost.StartAsync(new Uri("http://127.0.0.1:9"), ("Ledger:File", Path.Combine(folder, "usage.db")));
        await billing.ReportAsync(Used.Tokens("2026-03-15", 1));

        Assert.Equal(3, Directory.GetFiles(folder, "usage.db*").Length);
        Assert.All(Directory.GetFiles(folder), file => Assert.Equal(OwnFile, Mode(file)));
        Assert.Equal((OwnFolder, OwnFolder), (Mode(folder), Mode(Path.GetDirectoryName(folder)!)));
    }

    [Fact]
    public async Task Ledger_OfAnEarlierVersion_IsClosed_AndASharedFolderIsNot()
    {
        var (folder, file) = (_above.FullName, Path.Combine(_above.FullName, "usage.db"));
        const UnixFileMode everybody = OwnFolder | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        SetMode(folder, everybody);
        await using (await BillingHost.StartAsync(new Uri("http://127.0.0.1:9"), ("Ledger:File", file)))
        {
            SetMode(file, OwnFile | UnixFileMode.OtherRead | UnixFileMode.GroupRead);
            SetMode(file + "-wal", OwnFile | UnixFileMode.OtherRead | UnixFileMode.GroupRead);
            await using var second = await BillingHost.StartAsync(new Uri("http://127.0.0.1:9"), ("Ledger:File", file));
            await second.ReportAsync(Used.Tokens("2026-03-15", 1));

            Assert.All(Directory.GetFiles(folder), f => Assert.Equal(OwnFile, Mode(f)));
            Assert.Equal(everybody, Mode(folder));
        }
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
