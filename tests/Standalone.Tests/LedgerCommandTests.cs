namespace OpenAIProxy.Standalone.Tests;

/// <summary>The commands that need the ledger take it as it is: they change no tables, wait for no lock, and say why it can't be used.</summary>
public sealed class LedgerCommandTests : IDisposable
{
    private const string Variable = "LEDGER_COMMAND_TEST_KEY";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("usage")]
    [InlineData("resend")]
    [InlineData("reconcile")]
    public async Task Ledger_OfAnEarlierRelease_IsLeftAlone(string command)
    {
        var ledger = await LedgerFile.CreateAsync(_folder.Path);
        var latest = ledger.Version();
        ledger.Execute($"DELETE FROM usage_version WHERE version = {latest}; DROP TABLE access_key; DROP TABLE access_key_change");

        var (exitCode, output, error) = await RunAsync(command);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains($"It is of version {latest - 1}, made by an earlier release", error, StringComparison.Ordinal);
        Assert.Contains("Start the service first", error, StringComparison.Ordinal);
        Assert.Equal(latest - 1, ledger.Version());
    }

    [Theory]
    [InlineData("usage")]
    [InlineData("resend")]
    [InlineData("reconcile")]
    public async Task Ledger_WithoutTables_GetsNone(string command)
    {
        var file = _folder.Write("ledger.db", "");

        var (exitCode, output, error) = await RunAsync(command);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("It has no tables yet. Start the service first", error, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(file).Length);
    }

    [Theory]
    [InlineData("usage")]
    [InlineData("resend")]
    [InlineData("reconcile")]
    public async Task Ledger_OfANewerRelease_CannotBeRead(string command)
    {
        var ledger = await LedgerFile.CreateAsync(_folder.Path);
        ledger.Execute("INSERT INTO usage_version (version) VALUES (99)");

        var (exitCode, output, error) = await RunAsync(command);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains($"The ledger (SQLite, {ledger.Path}) can't be read: It holds a ledger of version 99", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("usage")]
    [InlineData("resend")]
    [InlineData("reconcile")]
    public async Task Ledger_ThatIsDamaged_CannotBeRead(string command)
    {
        var file = _folder.Write("ledger.db", new string('x', 10_000));

        var (exitCode, output, error) = await RunAsync(command);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains($"The ledger (SQLite, {file}) can't be read: SQLite Error 26", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("usage")]
    [InlineData("resend")]
    [InlineData("reconcile")]
    public async Task PostgreSql_ThatCannotBeReached_CannotBeRead(string command)
    {
        var (exitCode, output, error) = await RunAsync(command, "--ConnectionStrings:ledger=Host=127.0.0.1;Port=1;Username=me;Password=hidden-word");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("The ledger (PostgreSQL) can't be read: Failed to connect to 127.0.0.1:1", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-word", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("usage")]
    [InlineData("resend")]
    public async Task Ledger_ThatAnotherWrites_IsRead(string command)
    {
        var ledger = await LedgerFile.CreateAsync(_folder.Path);
        await using var writer = ledger.Open();
        // Takes the write lock at once.
        await using var transaction = writer.BeginTransaction(deferred: false);

        var (exitCode, _, error) = await RunAsync(command);

        Assert.Equal((0, ""), (exitCode, error));
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string command, params string[] more)
    {
        string[] days = command == "reconcile" ? ["--admin-key-env", Variable, "--from", "2026-03-01", "--to", "2026-03-01"] : [];
        return StandaloneProcess.RunWithAsync(
            new() { [Variable] = "sk-admin-0123456789abcdef" }, [command, "--data", _folder.Path, .. days, "--OpenAI:BaseUrl=http://127.0.0.1:1", .. more]);
    }
}
