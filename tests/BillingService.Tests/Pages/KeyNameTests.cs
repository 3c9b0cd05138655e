using OpenAIProxy.BillingService.Tests.Ledger;

namespace OpenAIProxy.BillingService.Tests.Pages;

/// <summary>Keys on the pages: by name, by their last characters, by their id.</summary>
public sealed class KeyNameTests(Postgres postgres) : IAsyncLifetime
{
    private static readonly string[] Ids = [.. Enumerable.Range(0, 5).Select(i => Contracts.KeyId.Of($"fk-key-{i}").Value)];

    private BillingHost _billing = null!;

    public async ValueTask InitializeAsync()
    {
        _billing = await UsageRig.StartAsync(BillingHost.InternalToken);
        await _billing.ReportAsync(
            [new(Ids[0], "张三", "x3f9"), new(Ids[1], "ann", "aaaa"), new(Ids[2], "ann", "bbbb"), new(Ids[3], "", "cccc")],
            [.. Ids.Select(id => Rows.Of(key: id))]);
    }

    public ValueTask DisposeAsync() => _billing.DisposeAsync();

    [Fact]
    public async Task Page_OfTheAdmin_ShowsNamesBeforeLastCharactersBeforeIds()
    {
        var html = await PageAsync("/usage", SampleUsage.Admin);

        Assert.All(["张三", "ann …aaaa", "ann …bbbb", "…cccc"], name => Assert.Contains($">{name}<", html, StringComparison.Ordinal));
        Assert.Contains($">{Ids[4][..8]}…{Ids[4][^4..]}<", html, StringComparison.Ordinal);
        Assert.DoesNotContain("张三 …", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OfAKey_CallsItByItsName()
        => Assert.Contains("张三", await PageAsync("/usage", "fk-key-0"), StringComparison.Ordinal);

    [Theory]
    [InlineData("key_%00")]
    [InlineData("key_nothing")]
    [InlineData("%27%20OR%201=1")]
    public async Task Page_OfAnAdminWhoChoosesNoKey_ShowsAllAndTheLedgerStaysWell(string chosen)
    {
        await using var place = await LedgerRig.CreateAsync(LedgerKind.PostgreSql, postgres);
        await using var billing = await BillingHost.StartAsync(
            new Uri("http://127.0.0.1:9"), ("Internal:Token", BillingHost.InternalToken), ("Billing:AdminToken", SampleUsage.Admin), place.Setting);
        await billing.UntilHealthAsync("Healthy");

        var answer = await billing.GetAsync($"/usage?key={chosen}", key: null, ("Cookie", await UsageRig.CookieAsync(billing, SampleUsage.Admin)));

        Assert.Equal(System.Net.HttpStatusCode.OK, answer.Status);
        Assert.Empty(billing.Logs.Find("The ledger is not available"));
    }

    private async Task<string> PageAsync(string target, string key)
    {
        var answer = await _billing.GetAsync(target, key: null, ("Cookie", await UsageRig.CookieAsync(_billing, key)));
        return System.Net.WebUtility.HtmlDecode(answer.Text);
    }
}
