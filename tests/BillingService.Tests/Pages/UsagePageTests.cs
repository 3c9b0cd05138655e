using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Pages;

public sealed class UsagePageTests(UsageRig rig, Chromium chromium) : IClassFixture<UsageRig>
{
    [Theory]
    [InlineData(7)]
    [InlineData(30)]
    [InlineData(90)]
    public async Task Page_OfARange_HasChartsWithTheFiguresOfTheApi(int days)
    {
        await using var visitor = await chromium.VisitAsync();
        var tab = await visitor.SignInAsync(rig.Page, Keys.Secret);
        await tab.GotoAsync($"{rig.Page}?days={days}");

        var report = await ReportAsync(Keys.Secret, days, "day");
        var costs = await tab.TableAsync("cost-table");
        var tokens = await tab.TableAsync("tokens-table");
        var requests = await tab.TableAsync("requests-table");
        Assert.Equal(days + 1, costs.Count);
        foreach (var day in report.GetProperty("rows").EnumerateArray())
        {
            var name = day.GetProperty("day").GetString()!;
            Assert.Equal(day.GetProperty("cost_usd").GetDecimal(), costs[name]["Total"]);
            Assert.Equal(costs[name]["Total"], costs[name].Where(c => c.Key != "Total").Sum(c => c.Value ?? 0m));
            AssertCounts(day, tokens[name], requests[name]);
        }

        var total = report.GetProperty("total");
        Assert.Equal(total.GetProperty("cost_usd").GetDecimal(), costs["Total"]["Total"]);
        AssertCounts(total, tokens["Total"], requests["Total"]);
        Assert.Equal(days, await tab.Locator("#cost svg.columns .day").CountAsync());
        Assert.Equal(days, await tab.Locator("#tokens svg.columns .day").CountAsync());
        Assert.Equal(days, await tab.Locator("#requests svg.columns .day").CountAsync());
    }

    [Fact]
    public async Task Page_OfOneDay_HasBarsInsteadOfColumns()
    {
        await using var visitor = await chromium.VisitAsync();
        var tab = await visitor.SignInAsync(rig.Page, Keys.Secret);
        await tab.GotoAsync($"{rig.Page}?days=1");

        var total = (await ReportAsync(Keys.Secret, 1, "day")).GetProperty("total");

        Assert.Equal(total.GetProperty("cost_usd").GetDecimal(), (await tab.TableAsync("cost-table"))["2026-03-15"]["Total"]);
        Assert.Equal(0, await tab.Locator("svg.columns").CountAsync());
        Assert.True(await tab.Locator("#cost .bars li").CountAsync() > 3);
    }

    [Fact]
    public async Task Page_OfModels_HasTheFiguresOfTheApi()
    {
        await using var visitor = await chromium.VisitAsync();
        var tab = await visitor.SignInAsync(rig.Page, Keys.Secret);

        var rows = (await ReportAsync(Keys.Secret, 30, "model")).GetProperty("rows").EnumerateArray().ToArray();
        var models = await tab.TableAsync("models-table");

        Assert.Equal(rows.Length + 1, models.Count);
        foreach (var row in rows)
        {
            var model = models[row.GetProperty("model").GetString() is { Length: > 0 } name ? name : "(no model)"];
            Assert.Equal(row.GetProperty("requests").GetDecimal(), model["Requests"]);
            var cost = row.GetProperty("cost_usd");
            Assert.Equal(cost.ValueKind == JsonValueKind.Null ? null : cost.GetDecimal(), model["Cost"]);
        }
    }

    [Fact]
    public async Task Page_WithUnpricedAndEstimatedUsage_MarksBothInWordsAndPattern()
    {
        await using var visitor = await chromium.VisitAsync();
        var tab = await visitor.SignInAsync(rig.Page, Keys.Secret);

        var own = tab.Locator("#models-table tr").Filter(new() { Has = tab.GetByText(SampleUsage.OwnModel, new() { Exact = true }) });
        Assert.Contains("unpriced", await own.TextContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("$", await own.TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal("url(#p9)", await own.Locator(".marked rect").GetAttributeAsync("fill"));
        Assert.True(await tab.Locator("#cost .mark.m9").CountAsync() > 0);
        Assert.True(await tab.Locator("#cost .mark.m10").CountAsync() > 0);
        Assert.Contains("unpriced requests", await tab.Locator("#tile-cost").TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains("of it estimated", await tab.Locator("#tile-cost").TextContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OfAnAdmin_ShowsAllKeysAndEachAlone()
    {
        await using var visitor = await chromium.VisitAsync();
        var tab = await visitor.SignInAsync(rig.Page, SampleUsage.Admin);

        var report = await ReportAsync(SampleUsage.Admin, 30, "key");
        var keys = await tab.TableAsync("keys-table");
        foreach (var row in report.GetProperty("rows").EnumerateArray())
        {
            var name = row.GetProperty("key").GetString()!;
            Assert.Equal(row.GetProperty("cost_usd").GetDecimal(), keys[name == UsageDimensions.Anonymous ? "(no key)" : Visits.Short(name)]["Cost"]);
        }

        await tab.FollowAsync(tab.GetByRole(AriaRole.Link, new() { Name = Visits.Short(KeyId.Of(Keys.Other).Value) }).First);
        var one = (await ReportAsync(Keys.Other, 30, "day")).GetProperty("total").GetProperty("cost_usd").GetDecimal();
        Assert.Equal(one, (await tab.TableAsync("cost-table"))["Total"]["Total"]);
        Assert.Equal(0, await tab.Locator("#keys").CountAsync());
    }

    [Fact]
    public async Task Page_OfACaller_ShowsNoOtherKeyWhateverIsAskedFor()
    {
        var cookie = await rig.CookieAsync(Keys.Secret);

        var page = await GetAsync($"/usage?key={KeyId.Of(Keys.Other).Value}", cookie);
        var file = await GetAsync($"/usage/export.csv?key={KeyId.Of(Keys.Other).Value}", cookie);

        Assert.DoesNotContain(KeyId.Of(Keys.Other).Value, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("keys-table", page.Text, StringComparison.Ordinal);
        Assert.Equal((await GetAsync("/usage/export.csv", cookie)).Text, file.Text);
    }

    [Fact]
    public async Task Page_InChinese_IsChineseThroughout()
    {
        await using var visitor = await chromium.VisitAsync(new() { Locale = "zh-CN" });
        var tab = await visitor.SignInAsync(rig.Page, Keys.Secret);

        Assert.Equal("zh-CN", await tab.Locator("html").GetAttributeAsync("lang"));
        Assert.Equal("用量", await tab.Locator("h1").TextContentAsync());
        Assert.Contains("未定价", await tab.Locator("#models-table").TextContentAsync(), StringComparison.Ordinal);

        await tab.FollowAsync(tab.GetByRole(AriaRole.Link, new() { Name = "English" }));
        Assert.Equal("en", await tab.Locator("html").GetAttributeAsync("lang"));
        // The choice stays when another range is chosen.
        await tab.FollowAsync(tab.GetByRole(AriaRole.Link, new() { Name = "7 days" }));
        Assert.Equal("en", await tab.Locator("html").GetAttributeAsync("lang"));
    }

    [Fact]
    public async Task Page_WithoutJavaScript_DoesEverything()
    {
        await using var visitor = await chromium.VisitAsync(new() { Locale = "en-US", JavaScriptEnabled = false });
        var tab = await visitor.SignInAsync(rig.Page, Keys.Secret);

        await tab.Locator("#from").FillAsync("2026-03-01");
        await tab.Locator("#to").FillAsync("2026-03-10");
        await tab.FollowAsync(tab.Locator(".dates button"));
        await tab.Locator("#cost summary").ClickAsync();

        Assert.Equal($"{rig.Page}?from=2026-03-01&to=2026-03-10", tab.Url);
        Assert.True(await tab.Locator("#cost-table").IsVisibleAsync());
        Assert.Equal(11, (await tab.TableAsync("cost-table")).Count);
    }

    [Fact]
    public async Task Page_AsksNobodyElseAndBreaksNoPolicy()
    {
        await using var visitor = await chromium.VisitAsync();
        var (requests, complaints) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        visitor.Request += (_, request) => requests.Enqueue(request.Url);
        visitor.Console += (_, message) =>
        {
            // Chromium also tells, as "info", of an autofocus that came too late.
            if (message.Type is "error" or "warning")
            {
                complaints.Enqueue(message.Text);
            }
        };
        visitor.WebError += (_, error) => complaints.Enqueue(error.Error);

        var tab = await visitor.SignInAsync(rig.Page, SampleUsage.Admin);
        var answer = await tab.ReloadAsync();

        Assert.Empty(complaints);
        Assert.All(requests, url
            => Assert.True(url.StartsWith(rig.Page.ToString(), StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal), url));
        var policy = answer!.Headers["content-security-policy"];
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers["x-content-type-options"]);
        Assert.Equal("no-store", answer.Headers["cache-control"]);
        // The style has been let in: without it a tile has no border.
        Assert.Equal("solid", await tab.Locator(".tile").First.EvaluateAsync<string>("e => getComputedStyle(e).borderTopStyle"));
    }

    [Theory]
    [InlineData("en-US")]
    [InlineData("zh-CN")]
    public async Task Page_OnAPhone_ScrollsOnlyDownwards(string locale)
    {
        await using var visitor = await chromium.VisitAsync(new() { Locale = locale, ViewportSize = new() { Width = 360, Height = 740 } });
        var tab = await visitor.NewPageAsync();
        await tab.GotoAsync(rig.Page.ToString());
        Assert.Equal(360, await WidthAsync(tab));

        tab = await visitor.SignInAsync(rig.Page, SampleUsage.Admin);
        foreach (var summary in await tab.Locator("summary").AllAsync())
        {
            await summary.ClickAsync();
        }

        Assert.Equal(360, await WidthAsync(tab));

        static Task<int> WidthAsync(IPage tab) => tab.EvaluateAsync<int>("document.documentElement.scrollWidth");
    }

    [Theory]
    [InlineData("days=8")]
    [InlineData("days=x")]
    [InlineData("from=2026-02-30&to=2026-03-01")]
    [InlineData("from=2026-03-02&to=2026-03-01")]
    [InlineData("from=2024-01-01&to=2026-03-01")]
    [InlineData("from=%00&to=9999-12-31")]
    public async Task Page_ForARangeThatIsNone_SaysSoAndShowsTheLast30Days(string query)
    {
        var answer = await GetAsync("/usage?" + query, await rig.CookieAsync(Keys.Secret));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("role=\"alert\"", answer.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"2026-02-14\"", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_ForARangeWithoutUsage_SaysSo()
    {
        var answer = await GetAsync("/usage?from=2024-03-01&to=2024-03-05", await rig.CookieAsync(Keys.Secret));

        Assert.Contains("No usage in this period.", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("$0", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_HasTheRowsOfTheApi()
    {
        var file = await GetAsync("/usage/export.csv?days=7", await rig.CookieAsync(Keys.Secret));
        var api = await rig.Billing.GetAsync("/billing/usage?start_date=2026-03-09&end_date=2026-03-15&group_by=day,model,endpoint&format=csv");

        Assert.Equal(HttpStatusCode.OK, file.Status);
        Assert.Equal(api.Text, file.Text);
        Assert.Equal("attachment; filename=\"usage_2026-03-09_2026-03-15.csv\"", file.Headers["Content-Disposition"]);
    }

    [Fact]
    public async Task Export_WithoutSignIn_LeadsToTheForm()
    {
        var answer = await rig.Billing.GetAsync("/usage/export.csv?days=7", key: null);

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Equal("../usage", answer.Headers["Location"]);
    }

    [Theory]
    [InlineData("GET", "/usage/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/usage/sign-in", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/usage", HttpStatusCode.NotFound)]
    [InlineData("POST", "/usage/sign-in", HttpStatusCode.UnsupportedMediaType)]
    public async Task Error_UnderThePage_IsAPage(string method, string target, HttpStatusCode status)
    {
        var answer = await rig.Billing.SendAsync(new HttpMethod(method), target, null, default);

        Assert.Equal(status, answer.Status);
        Assert.Equal("text/html; charset=utf-8", answer.Headers["Content-Type"]);
        Assert.True(answer.Headers.ContainsKey("Content-Security-Policy"));
    }

    [Fact]
    public async Task Page_WhileTheLedgerIsAway_SaysSoOnAPage()
    {
        await using var billing = await BillingHost.StartAsync(
            new Uri("http://127.0.0.1:9"), ("Billing:AdminToken", SampleUsage.Admin),
            ("ConnectionStrings:ledger", "Host=127.0.0.1;Port=9;Username=nobody;Password=nothing;Database=none"));
        var cookie = (await UsageRig.PostAsync(billing, "/usage/sign-in", SampleUsage.Admin)).Headers["Set-Cookie"].Split(';')[0];

        var answer = await billing.GetAsync("/usage", key: null, ("Cookie", cookie));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("text/html; charset=utf-8", answer.Headers["Content-Type"]);
        Assert.Contains("can't be read at the moment", WebUtility.HtmlDecode(answer.Text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_ThatIsTooLarge_IsAnsweredWithAPage()
    {
        var answer = await rig.SignInAsync(new string('x', 20_000));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal("text/html; charset=utf-8", answer.Headers["Content-Type"]);
    }

    [Fact]
    public async Task Page_BehindAGatewayWithAPrefix_StaysUnderIt()
    {
        await using var gateway = await GatewayHost.StartAsync(
            new Uri("http://127.0.0.1:9"), ("services:billing:http:0", rig.Billing.Address.ToString()), ("Metering:Enabled", "false"),
            ("ROUTE_PREFIX", "/openai"));
        await using var visitor = await chromium.VisitAsync();
        var page = new Uri(gateway.Address, "/openai/usage");

        var tab = await visitor.SignInAsync(page, Keys.Secret);
        Assert.Equal(page.ToString(), tab.Url);
        await tab.FollowAsync(tab.GetByRole(AriaRole.Link, new() { Name = "7 days" }));
        Assert.Equal(page + "?days=7", tab.Url);
        Assert.Equal(8, (await tab.TableAsync("cost-table")).Count);

        await tab.FollowAsync(tab.Locator("#sign-out"));
        Assert.Equal(page.ToString(), tab.Url);
        Assert.True(await tab.Locator("#key").IsVisibleAsync());
    }

    private static void AssertCounts(JsonElement api, IReadOnlyDictionary<string, decimal?> tokens, IReadOnlyDictionary<string, decimal?> requests)
    {
        Assert.Equal(api.GetProperty("input_tokens").GetDecimal(), tokens["Input"]);
        Assert.Equal(api.GetProperty("cached_input_tokens").GetDecimal(), tokens["Cached input"]);
        Assert.Equal(api.GetProperty("output_tokens").GetDecimal(), tokens["Output"]);
        Assert.Equal(api.GetProperty("reasoning_tokens").GetDecimal(), tokens["Reasoning"]);
        Assert.Equal(api.GetProperty("audio_seconds").GetDecimal(), tokens["Audio, s"]);
        Assert.Equal(api.GetProperty("requests").GetDecimal(), requests["Requests"]);
        Assert.Equal(api.GetProperty("errors").GetDecimal(), requests["Errors"]);
        Assert.Equal(api.GetProperty("cut").GetDecimal(), requests["Cut off"]);
    }

    private async Task<JsonElement> ReportAsync(string key, int days, string groupBy)
    {
        var start = ManualClock.Today.AddDays(1 - days);
        var answer = await rig.Billing.GetAsync($"/billing/usage?start_date={start:yyyy-MM-dd}&end_date={ManualClock.Today:yyyy-MM-dd}&group_by={groupBy}", key);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json;
    }

    private Task<Answer> GetAsync(string target, string cookie) => rig.Billing.GetAsync(target, key: null, ("Cookie", cookie));
}
