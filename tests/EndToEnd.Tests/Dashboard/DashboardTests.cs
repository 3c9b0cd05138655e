using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OpenAIProxy.BrowserKit;
using OpenAIProxy.EndToEnd.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Dashboard;

/// <summary>Aspire's dashboard of the demo in a real browser, from the login link of the banner on.</summary>
public sealed partial class DashboardTests(DemoApp demo, Chromium chromium)
{
    private static readonly string[] Resources = ["billing", "cache", "gateway", "simulator"];

    private static readonly LocatorAssertionsToBeVisibleOptions Patience = new() { Timeout = (float)HangGuard.Limit.TotalMilliseconds };

    [Fact]
    public async Task LoginLinkOfTheBanner_Opened_ShowsAllResourcesRunning()
    {
        await using var visit = await chromium.VisitAsync();
        var page = await LoginAsync(visit);

        foreach (var resource in Resources)
        {
            await Assertions.Expect(Row(page, resource)).ToContainTextAsync("Running", new() { Timeout = Patience.Timeout });
        }
    }

    [Fact]
    public async Task DashboardWithoutItsToken_Opened_AsksForIt()
    {
        await using var visit = await chromium.VisitAsync();
        var page = await visit.NewPageAsync();
        await page.GotoAsync(new Uri(demo.Banner.Dashboard).GetLeftPart(UriPartial.Authority));

        await page.WaitForURLAsync("**/login**");
    }

    [Fact]
    public async Task Chat_OfADemo_IsOneTraceWithTheSimulatorThatOpensTheGenAIView()
    {
        var model = $"sim-{Guid.NewGuid():N}";
        await using var chat = RunningCommand.Shell(demo.Banner.Curl.Replace("gpt-4o-mini", model, StringComparison.Ordinal));
        Assert.Equal(0, (await chat.EndAsync()).ExitCode);

        await using var visit = await chromium.VisitAsync();
        var page = await LoginAsync(visit);
        await OpenTraceAsync(page, "gen_ai.request.model", model);

        await Assertions.Expect(Row(page, "simulator")).ToBeVisibleAsync(Patience);
        await Row(page, $"chat {model}").GetByRole(AriaRole.Button, new() { Name = "GenAI details" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Tab, new() { Name = "Input & output" })).ToBeVisibleAsync(Patience);
    }

    [Fact]
    public async Task BillingQuery_OfADemo_IsOneTraceFromGatewayOverBillingToRedisAndUpstream()
    {
        // The result of a session key's query is upstream's, and is cached in Redis. With this base path no other test asks.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/billing/credit_grants");
        request.Headers.Add("Authorization", $"Bearer sess-{Guid.NewGuid():N}");
        using var answer = await demo.Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());

        await using var visit = await chromium.VisitAsync();
        var page = await LoginAsync(visit);
        await OpenTraceAsync(page, "trace.name", "/v1/billing");

        foreach (var resource in (string[])["gateway", "billing", "cache", "simulator"])
        {
            await Assertions.Expect(Row(page, resource)).ToBeVisibleAsync(Patience);
        }
    }

    // Its rows come by a circuit that the page opens: there is nothing to see in the HTML.
    private async Task<IPage> LoginAsync(IBrowserContext visit)
    {
        var page = await visit.NewPageAsync();
        await page.SetViewportSizeAsync(1600, 1000);
        await page.GotoAsync(demo.Banner.Dashboard);
        await Assertions.Expect(Row(page, "gateway")).ToBeVisibleAsync(Patience);
        return page;
    }

    private async Task OpenTraceAsync(IPage page, string field, string value)
    {
        // The field for the filter takes nothing while the page is still drawn; the address takes it at once.
        var filter = Uri.EscapeDataString($"{field}:contains:{Uri.EscapeDataString(value)}");
        await page.GotoAsync(new Uri(new Uri(demo.Banner.Dashboard), $"/traces?filters={filter}").ToString());
        var found = page.GetByRole(AriaRole.Gridcell, new() { NameRegex = TraceId() });
        await Assertions.Expect(found).ToHaveCountAsync(1, new() { Timeout = Patience.Timeout });
        // Rows are drawn anew whenever spans come, and a click may be lost with the row: its trace is opened by address.
        var trace = TraceId().Match(await found.EvaluateAsync<string>("cell => cell.outerHTML")).Value;
        await page.GotoAsync(new Uri(new Uri(demo.Banner.Dashboard), $"/traces/detail/{trace}").ToString());
    }

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex TraceId();

    private static ILocator Row(IPage page, string words) => page.GetByRole(AriaRole.Row).Filter(new() { HasText = words }).First;
}
