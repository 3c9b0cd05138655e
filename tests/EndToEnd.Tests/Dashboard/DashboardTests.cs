using Microsoft.Playwright;
using OpenAIProxy.BrowserKit;
using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Dashboard;

/// <summary>Aspire's dashboard of the demo in a real browser, from the login link of the banner on.</summary>
public sealed class DashboardTests(DemoApp demo, Chromium chromium)
{
    private static readonly string[] Resources = ["billing", "cache", "gateway", "simulator"];

    [Fact]
    public async Task LoginLinkOfTheBanner_Opened_ShowsAllResourcesRunning()
    {
        await using var visit = await chromium.VisitAsync();
        var page = await LoginAsync(visit);

        foreach (var resource in Resources)
        {
            var row = page.Locator("fluent-data-grid-row").Filter(new LocatorFilterOptions { HasText = resource }).First;
            await Assertions.Expect(row).ToContainTextAsync("Running", new() { Timeout = Limit });
        }
    }

    [Fact]
    public async Task DashboardWithoutItsToken_Opened_AsksForIt()
    {
        await using var visit = await chromium.VisitAsync();
        var page = await visit.NewPageAsync();
        await page.GotoAsync(new Uri(demo.Banner.Dashboard).GetLeftPart(UriPartial.Authority));

        await page.WaitForURLAsync("**/login**", new() { Timeout = Limit });
    }

    [Fact]
    public async Task Chat_OfADemo_IsOneTraceWithGatewayAndSimulatorThatOpensTheGenAIView()
    {
        var model = $"sim-{Guid.NewGuid():N}";
        await using var chat = RunningCommand.Shell(demo.Banner.Curl.Replace("gpt-4o-mini", model, StringComparison.Ordinal));
        Assert.Equal(0, (await chat.EndAsync()).ExitCode);

        await using var visit = await chromium.VisitAsync();
        var page = await LoginAsync(visit);
        await OpenTraceAsync(page, model);

        var spans = page.Locator("fluent-data-grid-row");
        await Assertions.Expect(spans.Filter(new() { HasText = $"chat {model}" })).ToHaveCountAsync(1, new() { Timeout = Limit });
        await Assertions.Expect(page.Locator("body")).ToContainTextAsync("simulator", new() { Timeout = Limit });
        await spans.Filter(new() { HasText = $"chat {model}" }).GetByRole(AriaRole.Button, new() { Name = "GenAI" }).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync(model, new() { Timeout = Limit });
    }

    [Fact]
    public async Task BillingQuery_OfADemo_IsOneTraceFromGatewayOverBillingToRedis()
    {
        // A session key: what it asks goes to upstream and, as the result is cached, to Redis.
        var path = $"/billing/credit_grants";
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Authorization", $"Bearer sess-{Guid.NewGuid():N}");
        using var answer = await demo.Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());

        await using var visit = await chromium.VisitAsync();
        var page = await LoginAsync(visit);
        await OpenTraceAsync(page, "GET /billing/credit_grants");

        var body = page.Locator("body");
        foreach (var part in (string[])["gateway", "billing", "cache"])
        {
            await Assertions.Expect(body).ToContainTextAsync(part, new() { Timeout = Limit });
        }
    }

    private static float Limit => (float)TestKit.HangGuard.Limit.TotalMilliseconds;

    // Its rows come by a circuit that the page opens: there is nothing to see in the HTML.
    private async Task<IPage> LoginAsync(IBrowserContext visit)
    {
        var page = await visit.NewPageAsync();
        await page.SetViewportSizeAsync(1600, 1000);
        await page.GotoAsync(demo.Banner.Dashboard);
        await Assertions.Expect(page.Locator("fluent-data-grid-row").Filter(new() { HasText = "gateway" }).First).ToBeVisibleAsync(new() { Timeout = Limit });
        return page;
    }

    private async Task OpenTraceAsync(IPage page, string words)
    {
        await page.GotoAsync(new Uri(new Uri(demo.Banner.Dashboard), "/traces").ToString());
        await page.GetByRole(AriaRole.Searchbox).First.FillAsync(words);
        await page.Locator("fluent-data-grid-row").Filter(new() { HasText = words }).GetByRole(AriaRole.Link).First.ClickAsync();
        await page.WaitForURLAsync("**/traces/detail/**", new() { Timeout = Limit });
    }
}
