using System.Net.Http.Headers;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>The usage page while its service is away: a person gets a page that says so, a program the error object.</summary>
public sealed class BillingAwayPageTests
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    [Theory]
    [InlineData("en-US,en;q=0.9", null, "en", "The billing service does not answer.")]
    [InlineData("zh-CN,zh;q=0.9,en;q=0.8", null, "zh-CN", "计费服务不可用。")]
    [InlineData("zh-CN", "en", "en", "The billing service does not answer.")]
    [InlineData("en-US", "zh-CN", "zh-CN", "计费服务不可用。")]
    [InlineData("fr", null, "en", "The billing service does not answer.")]
    public async Task Page_InABrowser_SaysSoInItsLanguage(string accepted, string? chosen, string language, string text)
    {
        await using var gateway = await StartAsync();

        using var answer = await GetAsync(gateway, "/usage", ("Accept", Browser), ("Accept-Language", accepted),
            ("Cookie", chosen is null ? "a=b" : "openaiproxy-language=" + chosen));

        var body = await answer.Content.ReadAsStringAsync();
        Assert.Equal((502, "text/html"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains($"<html lang=\"{language}\">", body, StringComparison.Ordinal);
        Assert.Contains(text, body, StringComparison.Ordinal);
        Assert.Contains("(billing_unreachable)", body, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Theory]
    [InlineData("/usage", "*/*")]
    [InlineData("/usage", "application/json")]
    [InlineData("/billing/usage", Browser)]
    public async Task Query_ByAProgram_GetsTheErrorObject(string path, string accept)
    {
        await using var gateway = await StartAsync();

        using var answer = await GetAsync(gateway, path, ("Accept", accept), ("Authorization", "Bearer " + Keys.Caller));

        Assert.Equal((502, "billing_unreachable"), ((int)answer.StatusCode, (await ErrorObject.ReadAsync(answer)).Code));
    }

    [Theory]
    [InlineData("GET", "/usage", "")]
    [InlineData("POST", "/usage/sign-in", "../usage")]
    [InlineData("POST", "/usage/sign-out", "../usage")]
    public async Task Page_OffersToTryAgainWhereThereIsAPage(string method, string path, string link)
    {
        await using var gateway = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Accept", Browser);

        using var answer = await gateway.Client.SendAsync(request).Guarded();

        Assert.Contains($"<a href=\"{link}\">", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_WithoutAService_SaysThatNothingIsCounted()
    {
        await using var gateway = await GatewayHost.StartAsync(new Uri("http://127.0.0.1:9"));

        using var answer = await GetAsync(gateway, "/usage", ("Accept", Browser));

        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Contains("no usage is counted", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_OfThePage_HasNoBody()
    {
        await using var gateway = await StartAsync();

        using var request = new HttpRequestMessage(HttpMethod.Head, "/usage") { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/html") } } };
        using var answer = await gateway.Client.SendAsync(request).Guarded();

        Assert.Equal((502, "text/html"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    private static async Task<HttpResponseMessage> GetAsync(GatewayHost gateway, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await gateway.Client.SendAsync(request).Guarded();
    }

    // Nobody listens at the discard port.
    private static Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(
        new Uri("http://127.0.0.1:9"), ("services:billing:http:0", "http://127.0.0.1:9"), ("Metering:Enabled", "false"));
}
