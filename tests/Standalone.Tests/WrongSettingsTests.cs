namespace OpenAIProxy.Standalone.Tests;

/// <summary>What stops the start, told at once.</summary>
public sealed class WrongSettingsTests
{
    [Fact]
    public async Task WrongSettingsOfBothHalves_AreInOneList_EachOnce()
    {
        var (exitCode, _, error) = await StandaloneProcess.RunAsync(
            "run", "--OpenAI:BaseUrl=nonsense", "--Metering:Fnord=1", "--Ledger:Retention=never", "--Pricing:Flie=x");

        Assert.Equal(78, exitCode);
        Assert.Contains("The configuration has 4 errors:", error, StringComparison.Ordinal);
        Assert.All(
            ["OpenAI:BaseUrl is 'nonsense'", "Metering:Fnord", "Ledger:Retention is 'never'", "Pricing:Flie"],
            text => Assert.Contains(text, error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task UnknownFlag_IsNoOption()
    {
        var (exitCode, _, error) = await StandaloneProcess.RunAsync("run", "--prot", "9000");

        Assert.Equal(78, exitCode);
        Assert.Contains("'--prot' is not an option", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConfigFile_WithAnUnknownName_IsRefused()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, """{ "Acess": { "AllowCallerKeys": false } }""");
            var (exitCode, _, error) = await StandaloneProcess.RunAsync("run", "--config", file);

            Assert.Equal(78, exitCode);
            Assert.Contains("Acess:AllowCallerKeys", error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task UnknownCommand_IsWrongUsage() => Assert.Equal(64, (await StandaloneProcess.RunAsync("fly")).ExitCode);

    [Fact]
    public async Task PricesCheck_OfTheRelease_FindsNoError() => Assert.Equal(0, (await StandaloneProcess.RunAsync("prices", "check")).ExitCode);
}
