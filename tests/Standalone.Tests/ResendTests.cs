using System.Text.Json;
using OpenAIProxy.TestKit.Journals;

namespace OpenAIProxy.Standalone.Tests;

/// <summary><c>openai-proxy resend</c> puts refused usage into the ledger of the data folder.</summary>
public sealed class ResendTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Resend_OfRefusedUsage_PutsItIntoTheLedgerOnce()
    {
        await using var process = await StandaloneProcess.StartAsync("--demo", "--data", _folder.Path, "--urls=http://127.0.0.1:0");
        var key = RefusedUsage.Write(Path.Combine(_folder.Path, "journal"));

        var first = await StandaloneProcess.RunAsync("resend", "--data", _folder.Path);
        var second = await StandaloneProcess.RunAsync("resend", "--data", _folder.Path);

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Contains("1 of 1 files", first.Output, StringComparison.Ordinal);
        Assert.Contains("0 of 0 files", second.Output, StringComparison.Ordinal);
        Assert.Contains("A running process holds the journal", first.Error, StringComparison.Ordinal);
        Assert.Equal(0, await process.StopAsync());
        var after = await StandaloneProcess.RunAsync("resend", "--data", _folder.Path);
        Assert.Equal((0, ""), (after.ExitCode, after.Error));
        var usage = await StandaloneProcess.RunAsync("usage", "--data", _folder.Path, "--key", key, "--json", "--from", "2024-01-01", "--to", "2028-12-31");
        using var json = JsonDocument.Parse(usage.Output);
        Assert.Equal(1, json.RootElement.GetProperty("total").GetProperty("requests").GetInt32());
    }

    [Fact]
    public async Task Resend_WithoutALedger_SaysSo()
    {
        var (exitCode, _, error) = await StandaloneProcess.RunAsync("resend", "--data", _folder.Path);

        Assert.Equal(1, exitCode);
        Assert.Contains("There is no ledger at", error, StringComparison.Ordinal);
    }
}
