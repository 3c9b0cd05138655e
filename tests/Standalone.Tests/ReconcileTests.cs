using System.Globalization;
using System.Text.Json;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.Standalone.Tests;

/// <summary><c>openai-proxy reconcile</c> reads the ledger of the data folder.</summary>
public sealed class ReconcileTests : IDisposable
{
    private const string Variable = "RECONCILE_TEST_KEY";
    private const string AdminKey = "sk-admin-0123456789abcdef";

    private readonly TempFolder _folder = new();
    private readonly string _today = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reconcile_OfTheDataFolder_HasBothSides()
    {
        await using var upstream = await SimulatorHost.StartAsync();
        await LedgerFile.CreateAsync(_folder.Path);

        var table = await RunAsync(upstream.Address);
        var (exitCode, output, error) = await RunAsync(upstream.Address, "--json");

        Assert.Equal((0, 0, ""), (table.ExitCode, exitCode, error));
        Assert.Contains($"{_today} ", table.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(output);
        Assert.Equal("reconciliation", json.RootElement.GetProperty("object").GetString());
        var day = Assert.Single(json.RootElement.GetProperty("days").EnumerateArray());
        Assert.Equal(_today, day.GetProperty("day").GetString());
        Assert.Equal(0m, day.GetProperty("ledger_usd").GetDecimal());
        Assert.True(day.GetProperty("openai_usd").GetDecimal() > 0);
        Assert.Equal(-day.GetProperty("openai_usd").GetDecimal(), day.GetProperty("drift_usd").GetDecimal());
        Assert.False(day.GetProperty("unpriced").GetBoolean());
    }

    [Fact]
    public async Task Reconcile_OnATerminal_ShowsHowFarItIs()
    {
        await using var raw = new RawUpstream();
        await LedgerFile.CreateAsync(_folder.Path);
        var line = string.Join(' ', Args(raw.Address).Prepend(StandaloneProcess.Program));
        await using var terminal = RunningCommand.Start(
            "script", ["--quiet", "--return", "--flush", "--command", $"exec {line}", "/dev/null"], new Dictionary<string, string?> { [Variable] = AdminKey });

        await using var connection = await raw.AcceptAsync();
        Assert.True(await terminal.StandardOutput.WaitAsync(text => text.Contains("asking for costs [", StringComparison.Ordinal), terminal.Exited).Guarded());
        await RawUpstream.AnswerAsync(connection, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");

        var (exitCode, output, _) = await terminal.EndAsync();
        Assert.Equal(1, exitCode);
        // The line is taken away before the message.
        Assert.Contains(" \rhttp", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--from is missing", "--to", "2026-01-01", "--admin-key-env", "PATH")]
    [InlineData("not the key", "--from", "2026-01-01", "--to", "2026-01-01", "--admin-key-env", AdminKey)]
    public async Task Reconcile_WithAWrongCommandLine_Is64(string words, params string[] args)
    {
        var (exitCode, _, error) = await StandaloneProcess.RunAsync(["reconcile", "--data", _folder.Path, .. args]);

        Assert.Equal(64, exitCode);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(Uri upstream, params string[] more)
        => StandaloneProcess.RunWithAsync(new() { [Variable] = AdminKey }, [.. Args(upstream), .. more]);

    private string[] Args(Uri upstream)
        => ["reconcile", "--admin-key-env", Variable, "--from", _today, "--to", _today, "--data", _folder.Path, $"--OpenAI:BaseUrl={upstream}"];
}
