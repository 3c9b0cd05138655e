using OpenAIProxy.TestKit;

namespace OpenAIProxy.Standalone.Tests;

/// <summary><c>openai-proxy check</c> tries the ledger itself, and changes nothing in it.</summary>
public sealed class LedgerCheckTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private SimulatorHost _upstream = null!;

    public async ValueTask InitializeAsync() => _upstream = await SimulatorHost.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Ledger_OfThisRelease_CanBeWritten()
    {
        var ledger = await LedgerFile.CreateAsync(_folder.Path);

        var (exitCode, output, _) = await CheckAsync();

        Assert.Equal(0, exitCode);
        Assert.Contains($"ok      data: The ledger (SQLite, {ledger.Path}) can be written.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ledger_OfAnEarlierRelease_IsToldAndStaysOne()
    {
        var ledger = await LedgerFile.CreateAsync(_folder.Path);
        var latest = ledger.Version();
        ledger.Execute($"DELETE FROM usage_version WHERE version = {latest}");

        var (exitCode, output, _) = await CheckAsync();

        Assert.Equal(0, exitCode);
        Assert.Contains("lacks tables of this release: the start makes them.", output, StringComparison.Ordinal);
        Assert.Equal(latest - 1, ledger.Version());
    }

    [Fact]
    public async Task Ledger_OfANewerRelease_IsAnError()
    {
        (await LedgerFile.CreateAsync(_folder.Path)).Execute("INSERT INTO usage_version (version) VALUES (99)");

        await AssertErrorAsync("can't be written: a newer release has changed it");
    }

    [Fact]
    public async Task Ledger_ThatIsLocked_IsAnError()
    {
        await using var writer = (await LedgerFile.CreateAsync(_folder.Path)).Open();
        await using var transaction = writer.BeginTransaction(deferred: false);

        await AssertErrorAsync("can't be written: it is locked");
    }

    [Fact]
    public async Task Ledger_ThatIsDamaged_IsAnError()
    {
        _folder.Write("ledger.db", new string('x', 10_000));

        await AssertErrorAsync("can't be written: its file is damaged.");
    }

    [Fact]
    public async Task Ledger_ThatIsAFolder_IsAnError() => await AssertErrorAsync("can't be written: its file can't be used.", $"--Ledger:File={_folder.Path}");

    [Fact]
    public async Task Ledger_BelowAFile_IsAnError()
    {
        var file = _folder.Write("file", "");

        await AssertErrorAsync($"can't be written: {file} is a file.", $"--Ledger:File={file}/below/ledger.db");
    }

    [Fact]
    public async Task PostgreSql_ThatCannotBeReached_IsAnError() => await AssertErrorAsync(
        "The ledger (PostgreSQL) can't be written: its database can't be reached.", "--ConnectionStrings:ledger=Host=127.0.0.1;Port=1;Username=me;Password=hidden");

    private async Task AssertErrorAsync(string words, params string[] more)
    {
        var (exitCode, output, _) = await CheckAsync(more);

        Assert.Equal(1, exitCode);
        var error = Assert.Single(output.Split('\n'), line => line.StartsWith("error", StringComparison.Ordinal));
        Assert.StartsWith("error   data: ", error, StringComparison.Ordinal);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Error)> CheckAsync(params string[] more)
        => StandaloneProcess.RunAsync(["check", "--data", _folder.Path, "--base-url", $"{_upstream.Address}", .. more]);
}
