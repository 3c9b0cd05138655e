using System.Net;
using System.Text;
using Microsoft.Playwright;

namespace OpenAIProxy.BillingService.Tests.Pages;

/// <summary>What a visitor chooses stays chosen, and a file for a sheet is one that the sheet can read.</summary>
public sealed class PreferenceTests(UsageRig rig, Chromium chromium) : IClassFixture<UsageRig>
{
    [Fact]
    public async Task Language_OnceChosen_StaysWithoutItInTheAddress()
    {
        await using var visitor = await chromium.VisitAsync(new() { Locale = "en-US" });
        var tab = await visitor.SignInAsync(rig.Page, Keys.Secret);

        await tab.FollowAsync(tab.GetByRole(AriaRole.Link, new() { Name = "中文" }));
        await tab.GotoAsync(rig.Page.ToString());
        Assert.Equal("zh-CN", await tab.Locator("html").GetAttributeAsync("lang"));

        await tab.FollowAsync(tab.Locator("#sign-out"));
        await tab.GotoAsync(rig.Page.ToString());
        Assert.Equal("zh-CN", await tab.Locator("html").GetAttributeAsync("lang"));
    }

    [Fact]
    public async Task Cookies_OfChoices_AreOnlyForThePageAndItsServer()
    {
        var answer = await rig.Billing.GetAsync("/usage?lang=zh&tz=Asia/Shanghai", key: null);

        var cookies = answer.Headers["Set-Cookie"].Split(", openaiproxy");
        Assert.StartsWith("openaiproxy-language=zh-CN; max-age=31536000; path=/; samesite=lax; httponly", cookies[0], StringComparison.Ordinal);
        Assert.StartsWith("-time-zone=Asia%2FShanghai; max-age=31536000; path=/; samesite=lax; httponly", cookies[1], StringComparison.Ordinal);
        Assert.False((await rig.Billing.GetAsync("/usage?lang=xx&tz=Asia/Peking", key: null)).Headers.ContainsKey("Set-Cookie"));
    }

    [Fact]
    public async Task TimeZone_ChosenOnThePage_MovesItsDaysAndStays()
    {
        await using var visitor = await chromium.VisitAsync(new() { Locale = "en-US", JavaScriptEnabled = false });
        var tab = await visitor.SignInAsync(rig.Page, Keys.Secret);
        Assert.Equal("days begin at 00:00 UTC", await tab.Locator(".zone summary").TextContentAsync());

        await tab.Locator(".zone summary").ClickAsync();
        await tab.Locator("#tz").FillAsync("America/New_York");
        await tab.FollowAsync(tab.Locator(".zone button"));
        Assert.Equal("days begin at 00:00 in America/New_York", await tab.Locator(".zone summary").TextContentAsync());

        await tab.GotoAsync($"{rig.Page}?from=2026-03-10&to=2026-03-10");
        var requests = (await tab.TableAsync("requests-table"))["Total"]["Requests"];
        var report = await rig.Billing.GetAsync("/billing/usage?start_date=2026-03-10&end_date=2026-03-10&group_by=day&tz=America/New_York");
        var utc = await rig.Billing.GetAsync("/billing/usage?start_date=2026-03-10&end_date=2026-03-10&group_by=day");
        Assert.Equal(report.Json.GetProperty("total").GetProperty("requests").GetDecimal(), requests);
        Assert.NotEqual(utc.Json.GetProperty("total").GetProperty("requests").GetDecimal(), requests);
    }

    [Theory]
    [InlineData("en", "days begin at 00:00 UTC")]
    [InlineData("zh-CN", "每天从 UTC 00:00（北京时间 08:00）开始")]
    public async Task Page_InUtc_SaysWhenItsDaysBegin(string language, string text)
        => Assert.Contains(text, WebUtility.HtmlDecode((await GetAsync("/usage?lang=" + language)).Text), StringComparison.Ordinal);

    [Fact]
    public async Task TimeZone_ThatIsNone_IsSaidAndTheDaysAreInUtc()
    {
        var answer = await GetAsync("/usage?tz=<b>");

        Assert.Contains("id=\"zone-error\"", answer.Text, StringComparison.Ordinal);
        Assert.Contains("days begin at 00:00 UTC", answer.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await GetAsync("/usage/export.csv?tz=Asia/Peking")).Status);
    }

    [Fact]
    public async Task Export_ByABrowser_BeginsWithAByteOrderMark()
    {
        await using var visitor = await chromium.VisitAsync();
        var tab = await visitor.SignInAsync(rig.Page, Keys.Secret);

        var file = await tab.RunAndWaitForDownloadAsync(() => tab.Locator("#csv").ClickAsync());
        var bytes = await File.ReadAllBytesAsync((await file.PathAsync())!);

        Assert.Equal(Encoding.UTF8.Preamble.ToArray(), bytes[..3]);
        var program = await GetAsync("/usage/export.csv");
        Assert.Equal("day"u8.ToArray(), program.Body[..3]);
        Assert.Equal(program.Body, bytes[3..]);
    }

    [Theory]
    [InlineData("Accept", "text/html,application/xhtml+xml", true)]
    [InlineData("Sec-Fetch-Mode", "navigate", true)]
    [InlineData("Sec-Fetch-Mode", "cors", false)]
    [InlineData("Accept", "text/csv", false)]
    public async Task Report_AsCsv_HasAByteOrderMarkForBrowsersOnly(string header, string value, bool isMarked)
    {
        var answer = await rig.Billing.GetAsync("/billing/usage?format=csv", Keys.Secret, (header, value));

        Assert.Equal(isMarked, answer.Body.AsSpan().StartsWith(Encoding.UTF8.Preamble));
    }

    private async Task<Answer> GetAsync(string target)
        => await rig.Billing.GetAsync(target, key: null, ("Cookie", await rig.CookieAsync(Keys.Secret)));
}
