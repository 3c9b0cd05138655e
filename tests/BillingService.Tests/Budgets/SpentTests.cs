using System.Net;
using System.Net.Http.Json;
using OpenAIProxy.BillingService.Tests.Reports;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Tests.Budgets;

/// <summary>What gateways ask to judge budgets: <c>/internal/spent</c> and <c>/internal/prices</c>.</summary>
public sealed class SpentTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-prices-");
    private readonly string _secret = KeyId.Of(Keys.Secret).Value;
    private BillingRig _rig = null!;

    private string PriceFile => Path.Combine(_folder.FullName, "prices.json");

    public async ValueTask InitializeAsync()
    {
        WritePrices("1");
        _rig = await BillingRig.StartAsync(("Pricing:File", PriceFile));
    }

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("", 12_500_001, 2_500_000)]
    [InlineData("?from=2026-03-01", 10_000_001, 2_500_000)]
    [InlineData("?from=2026-03-15", 1, 2_500_000)]
    [InlineData("?from=2026-03-15&tz=Asia/Shanghai", 1, 2_500_000)]
    [InlineData("?from=2026-03-16", 0, 0)]
    public async Task Spent_IsWhatEachKeyCostSinceTheDay(string query, long secret, long anonymous)
    {
        await _rig.Billing.ReportAsync(
            Used.Tokens("2026-02-28", 1_000_000), Used.Tokens("2026-03-02", 0, 1_000_000), Used.Tokens("2026-03-15", 0, 0, model: "own-model", requests: 1),
            Used.Of(UsageUnit.Tokens, 0, "2026-03-15"), Used.Tokens("2026-03-15", 1, model: "own-model"), Used.Tokens("2026-03-15", 5, model: Used.Unpriced),
            Used.Tokens("2026-03-15", 1_000_000, key: UsageDimensions.Anonymous));

        var spent = await GetAsync<SpentReport>(SpentReport.Path + query);

        Assert.Equal((secret, anonymous), (spent.MicroDollars.GetValueOrDefault(_secret), spent.MicroDollars.GetValueOrDefault(UsageDimensions.Anonymous)));
    }

    [Theory]
    [InlineData("?from=yesterday", "invalid_date")]
    [InlineData("?tz=Mars/Base", "invalid_time_zone")]
    public async Task Spent_OfWhatIsNoDayOrZone_Is400(string query, string code)
    {
        using var answer = await SendAsync(SpentReport.Path + query, BillingHost.InternalToken);

        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.StatusCode, ErrorObject.Parse(await answer.Content.ReadAsStringAsync()).Code));
    }

    [Theory]
    [InlineData(SpentReport.Path)]
    [InlineData(PriceFilePath.Path)]
    public async Task WhoIsNoGateway_IsRefused(string path)
    {
        using var answer = await SendAsync(path, "not-the-token-of-this-service");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Prices_AreTheFileInForce_AndToldOnce()
    {
        using var first = await SendAsync(PriceFilePath.Path, BillingHost.InternalToken);
        using var again = await SendAsync(PriceFilePath.Path, BillingHost.InternalToken, first.Headers.ETag!.Tag);
        WritePrices("not a number");
        using var broken = await SendAsync(PriceFilePath.Path, BillingHost.InternalToken, first.Headers.ETag!.Tag);
        WritePrices("2");
        using var next = await SendAsync(PriceFilePath.Path, BillingHost.InternalToken, first.Headers.ETag!.Tag);

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.NotModified, HttpStatusCode.NotModified, HttpStatusCode.OK),
            (first.StatusCode, again.StatusCode, broken.StatusCode, next.StatusCode));
        Assert.Equal(await File.ReadAllTextAsync(PriceFile), await next.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Prices_WithoutAFile_AreNone()
    {
        await using var rig = await BillingRig.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, PriceFilePath.Path);
        request.Headers.Add(InternalHeaders.Token, BillingHost.InternalToken);

        using var answer = await rig.Billing.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private void WritePrices(string input)
        => File.WriteAllText(PriceFile, $$"""{ "prices": [ { "model": "own-model", "tokens": { "default": { "input": {{input}}, "output": 2 } } } ] }""");

    private async Task<HttpResponseMessage> SendAsync(string path, string token, string? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add(InternalHeaders.Token, token);
        request.Headers.TryAddWithoutValidation("If-None-Match", known);
        return await _rig.Billing.Client.SendAsync(request);
    }

    private async Task<T> GetAsync<T>(string path)
    {
        using var answer = await SendAsync(path, BillingHost.InternalToken);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<T>())!;
    }
}
