using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using OpenAIProxy.BillingService.Tests.Reports;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Pages;

/// <summary><c>/usage/live</c>: the calls of the last minutes as gateways tell of them.</summary>
public sealed class LiveTests(Chromium chromium) : IAsyncLifetime
{
    private static readonly string Own = KeyId.Of(Keys.Secret).Value;
    private static readonly string Other = KeyId.Of(Keys.Other).Value;

    private BillingHost _billing = null!;

    private long Now => _billing.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask InitializeAsync() => _billing = await UsageRig.StartAsync(BillingHost.InternalToken);

    public ValueTask DisposeAsync() => _billing.DisposeAsync();

    [Fact]
    public async Task Calls_AreShownAsTheyEndedTheNewestFirst()
    {
        await PostAsync(Call(-60_000, "gpt-4o", Own, input: 1_000_000, duration: 1_250), Call(-2_000, "o3", Other, input: 0, status: 429, errors: 1));
        await using var visitor = await chromium.VisitAsync();
        var tab = await visitor.SignInAsync(new Uri(_billing.Address, "/usage"), SampleUsage.Admin);

        await tab.FollowAsync(tab.Locator("#live-link"));
        Assert.EndsWith("/usage/live", tab.Url, StringComparison.Ordinal);
        // Or it would load itself again while it is read.
        await tab.GotoAsync(new Uri(_billing.Address, "/usage/live?pause=1").ToString());

        var rows = await tab.Locator("#live-table").EvaluateAsync<string[][]>("t => [...t.rows].map(r => [...r.cells].map(c => c.innerText.trim().replace(/\\s+/g, ' ')))");
        Assert.Equal(["Time", "Cost", "Model", "Key", "Status", "Tokens", "Duration"], rows[0]);
        Assert.Equal(["11:59:58", "–", "o3", Visits.Short(Other), "429 failed", "0", "900 ms"], rows[1]);
        Assert.Equal(["11:59:00", "$2.50", "gpt-4o", Visits.Short(Own), "200", "1,000,000", "1.25 s"], rows[2]);
        Assert.Equal(3, rows.Length);
    }

    [Fact]
    public async Task Page_ReloadsItselfWithoutAScriptUntilItIsPaused()
    {
        await _billing.ReportAsync(Used.Tokens("2026-03-15", 1));
        await using var visitor = await chromium.VisitAsync(new() { Locale = "en-US", JavaScriptEnabled = false });
        var tab = await visitor.SignInAsync(new Uri(_billing.Address, "/usage"), Keys.Secret);
        await tab.GotoAsync(new Uri(_billing.Address, "/usage/live").ToString());
        Assert.True(await tab.Locator("#nothing").IsVisibleAsync());

        await PostAsync(Call(-1_000, "gpt-4o", Own));
        // Waits for the browser, which does it by itself.
        await tab.Locator("#live-table").WaitForAsync();

        await tab.Locator("#pause").ClickAsync();
        await tab.Locator("#resume").WaitForAsync();
        var cookie = await UsageRig.CookieAsync(_billing, Keys.Secret);
        Assert.Equal("5", (await GetAsync("/usage/live", cookie)).Headers["Refresh"]);
        Assert.False((await GetAsync("/usage/live?pause=1", cookie)).Headers.ContainsKey("Refresh"));
        Assert.Contains("Paused", await tab.Locator(".lead").TextContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Footnote_OfEstimates_StandsBelowEstimatesAlone()
    {
        await PostAsync(Call(-1_000, "~ just a name", Own));
        var cookie = await UsageRig.CookieAsync(_billing, Keys.Secret);

        var page = (await GetAsync("/usage/live?lang=en", cookie)).Text;

        Assert.Contains("~ just a name", page, StringComparison.Ordinal);
        Assert.DoesNotContain("a part of it is estimated", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_OfOthers_AreShownToTheAdminAlone()
    {
        await PostAsync(Call(-1_000, "gpt-4o", Own), Call(-1_000, "others-model", Other));

        var own = await GetAsync($"/usage/live?key={Other}", await UsageRig.CookieAsync(_billing, Keys.Secret));
        var nobody = await _billing.GetAsync("/usage/live", key: null);
        var one = await GetAsync($"/usage/live?key={Other}", await UsageRig.CookieAsync(_billing, SampleUsage.Admin));

        Assert.Contains("gpt-4o", own.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("others-model", own.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("gpt-4o", nobody.Text, StringComparison.Ordinal);
        Assert.Contains("id=\"key\"", nobody.Text, StringComparison.Ordinal);
        Assert.Contains("others-model", one.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("gpt-4o", one.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_AreForgottenAfterAWhile()
    {
        await PostAsync(Call(-16 * 60_000, "too-old", Own), Call(-14 * 60_000, "old", Own), Call(3_600_000, "from-tomorrow", Own));
        var cookie = await UsageRig.CookieAsync(_billing, Keys.Secret);

        var first = await GetAsync("/usage/live", cookie);
        _billing.Clock.Advance(TimeSpan.FromMinutes(2));
        var second = await GetAsync("/usage/live", cookie);

        Assert.DoesNotContain("too-old", first.Text, StringComparison.Ordinal);
        Assert.Contains(">old<", first.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(">old<", second.Text, StringComparison.Ordinal);
        // A clock that is ahead shows nothing in the future.
        Assert.Contains("12:00:00", second.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_ThatAreHostile_AreText()
    {
        var name = "<script>alert(1)</script>\u202E\0\"'><img src=x>";
        await PostAsync(Call(-1_000, name, Own), Call(-1_000, new string('W', 128), Own));
        await using var visitor = await chromium.VisitAsync(new() { ViewportSize = new() { Width = 360, Height = 740 } });
        var tab = await visitor.SignInAsync(new Uri(_billing.Address, "/usage"), Keys.Secret);

        await tab.GotoAsync(new Uri(_billing.Address, "/usage/live?pause=1").ToString());

        Assert.Equal(0, await tab.Locator("script, img").CountAsync());
        Assert.Contains("<script>alert(1)</script>", await tab.Locator("#live-table").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal(360, await tab.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task Calls_ThatAreWrong_AreLeftOutAndTheirBatchIsTaken()
    {
        var good = Call(-1_000, "good", Own);
        var batch = new UsageBatch(Guid.CreateVersion7(), [Used.Tokens("2026-03-15", 1_000_000)])
        {
            Calls =
            [
                good, null!, good with { Rows = [] }, good with { Rows = null! }, good with { Status = -1 },
                good with { Duration = -1 }, good with { Ended = long.MaxValue },
                Call(-1_000, new string('x', 200), Own), Call(-1_000, "bad-key", "somebody"), good with { Rows = [.. Enumerable.Repeat(good.Rows[0], 100)] },
            ],
        };

        await PostAsync(batch);
        var page = await GetAsync("/usage/live", await UsageRig.CookieAsync(_billing, Keys.Secret));

        Assert.Single(System.Text.RegularExpressions.Regex.Matches(page.Text, "<tr><th scope=\"row\">"));
        Assert.Equal(1L, (await _billing.GetAsync("/billing/usage")).Json.GetProperty("total").GetProperty("requests").GetInt64());
    }

    [Fact]
    public async Task Batch_ThatComesTwice_IsShownOnce()
    {
        var batch = new UsageBatch(Guid.CreateVersion7(), [Used.Tokens("2026-03-15", 1)]) { Calls = [Call(-1_000, "twice", Own)] };

        await PostAsync(batch);
        await PostAsync(batch);
        var page = await GetAsync("/usage/live", await UsageRig.CookieAsync(_billing, Keys.Secret));

        Assert.Single(System.Text.RegularExpressions.Regex.Matches(page.Text, ">twice<"));
    }

    [Fact]
    public async Task Call_ThroughAGateway_IsShownWithWhatItCostAndNothingThatWasSaid()
    {
        // The gateway's clock and the service's are years apart, so the time of the call is put right as well.
        await using var upstream = await AppUpstream.StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(
                """{"object":"chat.completion","model":"gpt-4o-2024-08-06","choices":[{"message":{"content":"answer-that-nobody-sees"}}],"usage":{"prompt_tokens":1000000,"completion_tokens":100000,"total_tokens":1100000}}""");
        });
        await using var gateway = await GatewayHost.StartAsync(upstream.Address, ("services:billing:http:0", _billing.Address.ToString()));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(new { model = "gpt-4o", messages = (object[])[new { role = "user", content = "question-that-nobody-sees" }] }),
        };
        request.Headers.Authorization = new("Bearer", Keys.Secret);
        using var response = await gateway.Client.SendAsync(request).Guarded();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        var cookie = await UsageRig.CookieAsync(_billing, SampleUsage.Admin);
        var page = await HangGuard.Until(
            () => GetAsync("/usage/live", cookie), answer => answer.Text.Contains("gpt-4o-2024-08-06", StringComparison.Ordinal), "the call is shown");

        Assert.Contains("$3.50", page.Text, StringComparison.Ordinal);
        Assert.Contains("1,100,000", page.Text, StringComparison.Ordinal);
        Assert.Contains(Own, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody-sees", page.Text, StringComparison.Ordinal);
    }

    private RecentCall Call(long ended, string model, string key, long input = 1_000, int duration = 900, int status = 200, long errors = 0)
    {
        var row = Used.Tokens("2026-03-15", input, model: model, key: key, errors: errors);
        return new RecentCall(Now + ended, duration, status, [row]);
    }

    private Task PostAsync(params RecentCall[] calls) => PostAsync(new UsageBatch(Guid.CreateVersion7(), [Used.Tokens("2026-03-15", 1)]) { Calls = calls });

    private async Task PostAsync(UsageBatch batch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, UsageBatch.Path) { Content = JsonContent.Create(batch, ContractsJson.Default.UsageBatch) };
        request.Headers.Add(InternalHeaders.Token, BillingHost.InternalToken);
        using var response = await _billing.Client.SendAsync(request).Guarded();
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    private Task<Answer> GetAsync(string target, string cookie) => _billing.GetAsync(target, key: null, ("Cookie", cookie));
}
