namespace OpenAIProxy.Standalone.Tests;

/// <summary>What stops the start, told at once.</summary>
public sealed class WrongSettingsTests
{
    private const string Secret = "sk-proj-0123456789abcdef0123456789abcdef";

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
        Assert.Contains("Did you mean --port?", error, StringComparison.Ordinal);
        Assert.Contains("'openai-proxy run --help'", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Did you mean --base-url?", "run", "--baseurl=http://127.0.0.1:1")]
    [InlineData("Did you mean --Access:Keys?", "run", "--Acess:Keys=fk-1")]
    [InlineData("'openai-proxy prices check --help'", "prices", "check", "--jsno")]
    [InlineData("'--data' stands after '--'", "run", "--", "--data", "x")]
    public async Task UnknownFlag_IsToldWithWhatIsMeant(string words, params string[] args)
    {
        var (exitCode, _, error) = await StandaloneProcess.RunAsync(args);

        Assert.Equal(78, exitCode);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecretInThePlaceOfAFlag_IsNotShown()
    {
        var (exitCode, _, error) = await StandaloneProcess.RunAsync("run", "--apikey", "sk-0123456789abcdef0123456789abcdef");

        Assert.Equal(78, exitCode);
        Assert.Contains("Did you mean --api-key?", error, StringComparison.Ordinal);
        Assert.DoesNotContain("89abcdef", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--base-url", "http://127.0.0.1:1")]
    [InlineData("--api-key", "sk-0123456789abcdef")]
    [InlineData("--OpenAI:BaseUrl", "http://127.0.0.1:1")]
    public async Task Demo_WithAnotherUpstream_IsRefusedWithBothFlags(string flag, string value)
    {
        var (exitCode, _, error) = await StandaloneProcess.RunAsync("run", "--demo", flag, value);

        Assert.Equal(78, exitCode);
        Assert.Contains($"--demo and {flag} exclude each other", error, StringComparison.Ordinal);
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

    [Theory]
    [InlineData("run")]
    [InlineData("usage")]
    [InlineData("check")]
    [InlineData("prices", "check")]
    [InlineData("health")]
    public async Task SettingsFileOfTheFolder_ThatIsNoJson_IsTold(params string[] command)
    {
        using var folder = new TempFolder();
        folder.Write("appsettings.json", """{ "OpenAI": { "ApiKey": sk-0123456789 } }""");

        var (exitCode, output, error) = await StandaloneProcess.RunAsync([.. command, "--contentRoot", folder.Path]);

        Assert.Equal((78, ""), (exitCode, output));
        Assert.Contains("appsettings.json", error, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--data is empty; allowed: the path of a folder.", "usage", "--data", "")]
    [InlineData("--data is empty; allowed: the path of a folder.", "run", "--demo", "--data", "")]
    [InlineData("--config is empty; allowed: the path of a file.", "check", "--config", "")]
    [InlineData("--config is empty; allowed: the path of a file.", "prices", "check", "--config", " ")]
    public async Task Path_ThatIsEmpty_IsToldByItsFlag(string words, params string[] args)
    {
        var (exitCode, output, error) = await StandaloneProcess.RunAsync(args);

        Assert.Equal((78, ""), (exitCode, output));
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Secret)]
    [InlineData("prices", Secret)]
    [InlineData("completion", Secret)]
    [InlineData("completion", "bash", Secret)]
    public async Task SecretInThePlaceOfAWord_IsNotShown(params string[] args)
    {
        var (exitCode, output, error) = await StandaloneProcess.RunAsync(args);

        Assert.Equal((64, ""), (exitCode, output));
        Assert.Contains("sk-pro…'", error, StringComparison.Ordinal);
        Assert.DoesNotContain("89abcdef", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecretInAFlagThatTheCommandHasNot_IsNotShown()
    {
        var (exitCode, output, error) = await StandaloneProcess.RunAsync("completion", "bash", $"--api-key={Secret}");

        Assert.Equal((64, ""), (exitCode, output));
        Assert.Contains("'--api-key'", error, StringComparison.Ordinal);
        Assert.DoesNotContain("89abcdef", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownCommand_IsWrongUsage() => Assert.Equal(64, (await StandaloneProcess.RunAsync("fly")).ExitCode);

    [Fact]
    public async Task PricesCheck_OfTheRelease_FindsNoError() => Assert.Equal(0, (await StandaloneProcess.RunAsync("prices", "check")).ExitCode);
}
