using System.Globalization;
using OpenAIProxy.BillingService.Commands;
using OpenAIProxy.BillingService.Tests.Reports;
using OpenAIProxy.Contracts;
using OpenAIProxy.Simulator.Billing;

namespace OpenAIProxy.BillingService.Tests.Commands;

/// <summary>What the service can do instead of serving.</summary>
public sealed class CommandTests
{
    private const string KeyVariable = "TEST_ADMIN_KEY";

    [Fact]
    public void PricesCheck_OfTheProductsPrices_FindsNoError()
    {
        var (code, output, error) = Run("prices", "check");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains(" models have a price today. 0 errors, ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void PricesCheck_OfAFileThatCannotBeUsed_ListsAllErrors()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, """{"prices":[{"model":"a","kind":"poem"},{"model":"b","kind":"chat","tokens":{"default":{"input":-1}}}]}""");

        var (code, output, error) = Run("prices", "check", $"--Pricing:File={file}");

        Assert.Equal((78, ""), (code, output));
        Assert.Contains("prices[0]", error, StringComparison.Ordinal);
        Assert.Contains("prices[1]", error, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public void PricesShow_OfAModel_HasItsPrices()
    {
        var (code, output, error) = Run("prices", "show", "gpt-4o", "--json");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("\"default\":{\"input\":2.5,", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "'gpt-4oo' has no price today. Did you mean gpt-4o", "gpt-4oo")]
    [InlineData(64, "needs a MODEL", "--Pricing:File=x")]
    [InlineData(64, "Required argument")]
    public void PricesShow_OfWhatIsNoModel_SaysSo(int expected, string words, params string[] args)
    {
        var (code, output, error) = Run(["prices", "show", .. args]);

        Assert.Equal((expected, ""), (code, output));
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reconcile_SetsTheLedgerBesideTheOrganizationsCosts()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        var folder = Directory.CreateTempSubdirectory("openaiproxy-reconcile-");
        var ledger = ("Ledger:File", Path.Combine(folder.FullName, "ledger.db"));
        await using (var billing = await BillingHost.StartAsync(simulator.Address, ledger))
        {
            await billing.ReportAsync(
                Used.Tokens("2026-03-01", 1_000_000), Used.Tokens("2026-03-01", 1_000_000, key: KeyId.Of("fk-x").Value),
                Used.Tokens("2026-03-02", 5, model: Used.Unpriced));
        }

        var (code, output, error) = Reconcile(
            Keys.Admin, "--from", "2026-03-01", "--to=2026-03-02",
            $"--Ledger:File={ledger.Item2}", $"--OpenAI:BaseUrl={simulator.Address}");

        Assert.Equal((0, ""), (code, error));
        var (first, second) = (Dollars(1), Dollars(2));
        var lines = output.Split(Environment.NewLine);
        Assert.Equal(["2026-03-01", "5.000000", Text(first), Signed(5m - first)], Words(lines[1])[..4]);
        Assert.Equal(["2026-03-02", "-", Text(second), "-", "-", "*"], Words(lines[2]));
        Assert.Equal(["total", "5.000000", Text(first + second), Signed(5m - first - second)], Words(lines[3])[..4]);
        Assert.DoesNotContain("sk-", output, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Reconcile_WithAKeyThatIsRefused_SaysSo()
    {
        await using var upstream = await FakeBilling.StartAsync();
        upstream.AnswerWith(401, """{"error":{"message":"Not an admin key.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}""");
        var folder = Directory.CreateTempSubdirectory("openaiproxy-reconcile-");
        var file = Path.Combine(folder.FullName, "ledger.db");
        await using (await BillingHost.StartAsync(upstream.Address, ("Ledger:File", file)))
        {
            // It makes its tables.
        }

        var (code, output, error) = Reconcile(
            Keys.Secret, "--from", "2026-03-01", "--to", "2026-03-02",
            $"--Ledger:File={file}", $"--OpenAI:BaseUrl={upstream.Address}");

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("answered with status 401: Not an admin key.", error, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Reconcile_WithoutALedger_SaysWhere()
    {
        var (code, _, error) = Reconcile(Keys.Admin, "--from", "2026-03-01", "--to", "2026-03-02", "--Ledger:File=/nowhere/ledger.db");

        Assert.Equal(1, code);
        Assert.Contains("/nowhere/ledger.db", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--from is missing", "--admin-key-env", "PATH")]
    [InlineData("--admin-key-env is missing", "--from", "2026-03-01", "--to", "2026-03-02")]
    [InlineData("not set or empty", "--admin-key-env", "NO_SUCH_VARIABLE", "--from", "2026-03-01", "--to", "2026-03-02")]
    [InlineData("must be a day", "--admin-key-env", "PATH", "--from", "yesterday", "--to", "2026-03-02")]
    [InlineData("must not come before", "--admin-key-env", "PATH", "--from", "2026-03-03", "--to", "2026-03-02")]
    [InlineData("--to needs a value", "--admin-key-env", "PATH", "--from", "2026-03-03", "--to")]
    [InlineData("may be given once", "--from", "2026-03-03", "--from", "2026-03-03")]
    [InlineData("not the key", "--admin-key-env", Keys.Admin, "--from", "2026-03-01", "--to", "2026-03-02")]
    public void Reconcile_WithWrongArguments_Is64AndSaysWhy(string words, params string[] args)
    {
        var (code, output, error) = Run(["billing", "reconcile", .. args]);

        Assert.Equal((64, ""), (code, output));
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.Contains("billing reconcile --admin-key-env NAME", error, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-admin-A", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("help")]
    [InlineData("prices", "check", "--help")]
    [InlineData("billing", "reconcile", "--from", "-h")]
    public void Help_NamesCommandsAndSettings(params string[] args)
    {
        var (code, output, _) = Run(args);

        Assert.Equal(0, code);
        foreach (var words in (string[])["prices check", "billing reconcile", "--Billing:AdminToken=", "--Pricing:File=", "--OpenAI:BaseUrl="])
        {
            Assert.Contains(words, output, StringComparison.Ordinal);
        }

        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 160));
    }

    [Theory]
    [InlineData("prices")]
    [InlineData("prices", "chekc")]
    [InlineData("billing", "audit")]
    public void Command_ThatIsNone_Is64(params string[] args)
    {
        var (code, _, error) = Run(args);

        Assert.Equal(64, code);
        Assert.Contains($"There is no command '{string.Join(' ', args)}'.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Pricing:Fiel=x", "Pricing:Fiel is not a setting")]
    [InlineData("--chekc", "'--chekc' is not an option")]
    [InlineData("@arguments", "'@arguments' is not an option")]
    [InlineData("--Pricing:File", "--Pricing:File needs a value")]
    public void Command_WithASettingThatIsNone_Is78AndSaysWhich(string argument, string words)
    {
        var (code, output, error) = Run("prices", "check", argument);

        Assert.Equal((78, ""), (code, output));
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Command_WithASettingsFileThatIsNoJson_Is78AndSaysWhere()
    {
        var folder = Directory.CreateTempSubdirectory("openaiproxy-command-");
        File.WriteAllText(Path.Combine(folder.FullName, "appsettings.json"), """{ "OpenAI": { "ApiKey": sk-0123456789 } }""");

        var (code, output, error) = Run("prices", "check", $"--contentRoot={folder.FullName}");

        Assert.Equal((78, ""), (code, output));
        Assert.Contains("appsettings.json'. It is no JSON at line 1", error, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", error, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData]
    [InlineData("--urls=http://127.0.0.1:0")]
    [InlineData("--health", "http://127.0.0.1:1")]
    [InlineData("--Ledger:File", "prices", "check")]
    public void Arguments_OfTheService_AreNoCommand(params string[] args) => Assert.Null(CommandRunner.Run(args, TextWriter.Null, TextWriter.Null));

    private static (int Code, string Output, string Error) Reconcile(string adminKey, params string[] args)
        => RunWith([KeyValuePair.Create(KeyVariable, adminKey)], ["billing", "reconcile", "--admin-key-env", KeyVariable, .. args]);

    private static (int Code, string Output, string Error) Run(params string[] args) => RunWith([], args);

    private static (int Code, string Output, string Error) RunWith(KeyValuePair<string, string>[] variables, string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = ProcessEnvironment.Build(variables, () => CommandRunner.Run(args, output, error));
        return (Assert.NotNull(code), output.ToString(), error.ToString());
    }

    private static decimal Dollars(int day) => SimulatedBilling.CentsOn(new DateOnly(2026, 3, day), Keys.Admin) / 100;

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Text(decimal dollars) => dollars.ToString("0.000000", CultureInfo.InvariantCulture);

    private static string Signed(decimal dollars) => dollars.ToString("+0.000000;-0.000000;0.000000", CultureInfo.InvariantCulture);
}
