using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Reports;

/// <summary><c>Pricing:File</c> changes while the service runs.</summary>
public sealed class PriceReloadTests : IAsyncLifetime
{
    private const string Loaded = "its prices are in force now";
    private const string Refused = "The earlier prices stay in force";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-prices-");

    private BillingRig _rig = null!;

    private string PriceFile => Path.Combine(_folder.FullName, "prices.json");

    public async ValueTask InitializeAsync()
    {
        Write(PriceFile, "1");
        _rig = await BillingRig.StartAsync(("Pricing:File", PriceFile));
        await _rig.Billing.ReportAsync(Used.Tokens("2026-03-15", 1_000_000, model: "own-model"));
    }

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task File_ThatIsReplaced_PricesTheNextAnswerOfEveryKind()
    {
        Assert.Equal(("1", "100"), await CostsAsync());

        var other = Path.Combine(_folder.FullName, "new.json");
        Write(other, "2.5");
        File.Move(other, PriceFile, overwrite: true);

        Assert.Equal(("2.5", "250"), await CostsAsync());
        Assert.Equal(1, Logged(Loaded));
    }

    [Fact]
    public async Task File_ThatBecomesBad_IsRefusedInOneLineAndTheOldPricesStay()
    {
        await File.WriteAllTextAsync(PriceFile, """{"prices":[{"model":"own-model","kind":"poem"},{"model":"b","perCall":-1}]}""");

        Assert.Equal(("1", "100"), await CostsAsync());
        Assert.Equal(("1", "100"), await CostsAsync());
        var line = Assert.Single(_rig.Billing.Logs.Find(Refused)).Text;
        Assert.Contains(PriceFile, line, StringComparison.Ordinal);
        Assert.Contains("prices[0].kind (own-model): \"poem\" can't be used", line, StringComparison.Ordinal);
        Assert.Contains("prices[1].perCall (b)", line, StringComparison.Ordinal);

        Write(PriceFile, "4");
        Assert.Equal(("4", "400"), await CostsAsync());
        Assert.Equal((1, 1), (Logged(Refused), Logged(Loaded)));
    }

    [Fact]
    public async Task File_ThatBecomesBad_IsSaidBeforeAnybodyAsks()
    {
        await File.WriteAllTextAsync(PriceFile, "{");

        await HangGuard.Until(() => Logged(Refused) == 1, "the bad file is logged");
    }

    private int Logged(string text) => _rig.Billing.Logs.Find(text).Count;

    // In dollars by our report, and in cents by OpenAI's shape.
    private async Task<(string Report, string Usage)> CostsAsync()
    {
        var report = await _rig.Billing.GetAsync("/billing/usage");
        var usage = await _rig.Billing.GetForAsync("/v1/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-16", KeyId.Of(Keys.Secret).Value);
        return (report.Json.GetProperty("total").GetProperty("cost_usd").GetRawText(), usage.Json.GetProperty("total_usage").GetRawText());
    }

    private static void Write(string file, string dollars)
        => File.WriteAllText(file, $$"""{ "prices": [ { "model": "own-model", "tokens": { "default": { "input": {{dollars}}, "output": 1 } } } ] }""");
}
