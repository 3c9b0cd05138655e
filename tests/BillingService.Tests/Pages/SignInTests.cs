using System.Net;
using Microsoft.Playwright;
using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.SignIn;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Pages;

public sealed class SignInTests(UsageRig rig, Chromium chromium) : IClassFixture<UsageRig>
{
    private const int MostTabs = 50;

    [Fact]
    public async Task SignIn_WithAKeyThatWasUsed_ShowsItsUsageUnderItsOwnAddress()
    {
        await using var visitor = await chromium.VisitAsync();

        var tab = await visitor.SignInAsync(rig.Page, Keys.Secret);

        Assert.Equal(rig.Page.ToString(), tab.Url);
        Assert.Contains(Visits.Short(KeyId.Of(Keys.Secret).Value), await tab.Locator(".viewer").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal(KeyId.Of(Keys.Secret).Value, await tab.Locator(".viewer").GetAttributeAsync("title"));
        Assert.Equal(3, await tab.Locator("svg.columns").CountAsync());
        Assert.DoesNotContain(Keys.Secret, await tab.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_ByKeyboardAlone_Works()
    {
        await using var visitor = await chromium.VisitAsync();
        var tab = await visitor.NewPageAsync();
        await tab.GotoAsync(rig.Page.ToString());

        // The field gets the focus by itself; what is typed before is lost.
        await tab.Locator("#key:focus").WaitForAsync();
        await tab.Keyboard.TypeAsync(Keys.Secret);
        await tab.Keyboard.PressAsync("Enter");
        await tab.Locator("#cost").WaitForAsync();

        await tab.Keyboard.PressAsync("Tab");
        Assert.Equal("#content", await tab.Locator(":focus").GetAttributeAsync("href"));
        Assert.NotEqual("none", await tab.Locator(":focus").EvaluateAsync<string>("e => getComputedStyle(e).outlineStyle"));
        for (var tabs = 1; await tab.Locator("#sign-out:focus").CountAsync() == 0; tabs++)
        {
            Assert.True(tabs < MostTabs, "The way to sign out is reached by Tab.");
            await tab.Keyboard.PressAsync("Tab");
        }

        await tab.Keyboard.PressAsync("Enter");
        await tab.Locator("#key").WaitForAsync();
    }

    [Theory]
    [InlineData("sk-a-key-that-nobody-has-ever-used")]
    [InlineData("")]
    [InlineData("key_000000000000000000000000")]
    public async Task SignIn_WithAWrongKey_SaysSoAndEchoesNothing(string key)
    {
        var answer = await rig.SignInAsync(key);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("""role="alert" id="error">This key is not known here""", answer.Text, StringComparison.Ordinal);
        Assert.False(answer.Headers.ContainsKey("Set-Cookie"));
        Assert.True(key.Length == 0 || !answer.Text.Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task SignIn_WithTheIdOfAKey_IsNoSignIn()
        => Assert.Equal(HttpStatusCode.UnprocessableEntity, (await rig.SignInAsync(KeyId.Of(Keys.Secret).Value)).Status);

    [Fact]
    public async Task SignIn_OnAPageThatAdminsAloneMayUse_TakesNoCallersKey()
    {
        var caller = await rig.SignInAsync(Keys.Secret, (InternalHeaders.AdminOnly, "true"));
        var admin = await rig.SignInAsync(SampleUsage.Admin, (InternalHeaders.AdminOnly, "true"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, caller.Status);
        Assert.Contains("fk-", caller.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, admin.Status);
    }

    [Fact]
    public async Task SignOut_ForgetsTheKey()
    {
        await using var visitor = await chromium.VisitAsync();
        var tab = await visitor.SignInAsync(rig.Page, Keys.Secret);

        await tab.FollowAsync(tab.Locator("#sign-out"));

        Assert.Equal(rig.Page.ToString(), tab.Url);
        Assert.True(await tab.Locator("#key").IsVisibleAsync());
        Assert.Empty(await visitor.CookiesAsync());
    }

    [Fact]
    public async Task Cookie_HoldsNoKeyAndIsKeptFromScriptsAndOtherSites()
    {
        var answer = await rig.SignInAsync(Keys.Secret);

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Equal("../usage", answer.Headers["Location"]);
        var (value, flags) = (answer.Headers["Set-Cookie"].Split(';')[0], answer.Headers["Set-Cookie"].Split("; ")[1..]);
        Assert.StartsWith(SignInCookie.Name + "=", value, StringComparison.Ordinal);
        Assert.DoesNotContain("key_", value, StringComparison.Ordinal);
        Assert.Equal(["path=/", "samesite=strict", "httponly"], flags);
    }

    [Theory]
    [InlineData(InternalHeaders.Scheme, "https")]
    [InlineData("Origin", "https://127.0.0.1")]
    public async Task Cookie_WhereTheBrowserSeesHttps_IsSecure(string name, string value)
    {
        var host = ("Sec-Fetch-Site", "same-origin");

        Assert.Contains("; secure", (await rig.SignInAsync(Keys.Secret, (name, value), host)).Headers["Set-Cookie"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cookie_ChangedInAnyPlace_AsksToSignIn()
    {
        var cookie = await rig.CookieAsync(Keys.Secret);
        Assert.True(await IsSignedInAsync(rig.Billing, cookie));

        for (var i = SignInCookie.Name.Length + 1; i < cookie.Length; i += 5)
        {
            var changed = cookie[..i] + (cookie[i] == 'A' ? 'B' : 'A') + cookie[(i + 1)..];
            Assert.False(await IsSignedInAsync(rig.Billing, changed), changed);
        }

        Assert.False(await IsSignedInAsync(rig.Billing, SignInCookie.Name + "=x"));
        Assert.False(await IsSignedInAsync(rig.Billing, SignInCookie.Name + "=" + new string('A', 5000)));
    }

    [Fact]
    public async Task Cookie_AfterARestart_IsStillGoodUntilItsTimeIsOver()
    {
        var cookie = await rig.CookieAsync(SampleUsage.Admin);
        await using var another = await UsageRig.StartAsync();

        Assert.True(await IsSignedInAsync(another, cookie));
        another.Clock.Advance(TimeSpan.FromHours(8));
        Assert.False(await IsSignedInAsync(another, cookie));
    }

    [Fact]
    public async Task Cookie_OfAnOldAdminToken_IsWorthNothing()
    {
        var cookie = await rig.CookieAsync(SampleUsage.Admin);
        await using var another = await BillingHost.StartAsync(
            new Uri("http://127.0.0.1:9"), ("Internal:Token", SampleUsage.Internal), ("Billing:AdminToken", "another-token-of-the-admin"));

        Assert.False(await IsSignedInAsync(another, cookie));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "http://elsewhere.example")]
    [InlineData("Origin", "null")]
    public async Task Form_OfAnotherSite_IsRefused(string name, string value)
    {
        var signIn = await rig.SignInAsync(Keys.Secret, (name, value));
        var signOut = await UsageRig.PostAsync(rig.Billing, "/usage/sign-out", "", (name, value));

        Assert.Equal(HttpStatusCode.Forbidden, signIn.Status);
        Assert.Equal(HttpStatusCode.Forbidden, signOut.Status);
        Assert.False(signIn.Headers.ContainsKey("Set-Cookie") || signOut.Headers.ContainsKey("Set-Cookie"));
    }

    [Fact]
    public async Task Form_OfTheSiteThatTheGatewayWasAskedFor_IsTaken()
        => Assert.Equal(HttpStatusCode.SeeOther, (await rig.SignInAsync(
            Keys.Secret, ("Origin", "https://ai.example"), (InternalHeaders.Host, "ai.example"))).Status);

    [Fact]
    public async Task Form_SentByABrowserFromAnotherSite_IsRefused()
    {
        await using var visitor = await chromium.VisitAsync();
        var tab = await visitor.NewPageAsync();
        await tab.RouteAsync("http://localhost:1/", route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "text/html",
            Body = $"""<form method="post" action="{rig.Page}/sign-in"><input name="key" value="{Keys.Secret}"><button>!</button></form>""",
        }));
        await tab.GotoAsync("http://localhost:1/");

        await tab.FollowAsync(tab.Locator("button"));

        Assert.Contains("another site", await tab.Locator("main").TextContentAsync(), StringComparison.Ordinal);
        Assert.Empty(await visitor.CookiesAsync());
    }

    [Fact]
    public async Task WrongKey_AfterTooMany_WaitsForTheNextMinute_AndTheRightOneDoesNot()
    {
        await using var billing = await UsageRig.StartAsync();
        for (var i = 0; i < WrongKeys.Most; i++)
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await UsageRig.PostAsync(billing, "/usage/sign-in", $"sk-{i}")).Status);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await UsageRig.PostAsync(billing, "/usage/sign-in", "sk-once-more")).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await UsageRig.PostAsync(billing, "/usage/sign-in", SampleUsage.Admin)).Status);
        billing.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await UsageRig.PostAsync(billing, "/usage/sign-in", "sk-once-more")).Status);
    }

    [Fact]
    public async Task SignIn_AfterTooManyWrongKeysOfAnother_StaysOpen()
    {
        await using var billing = await UsageRig.StartAsync();
        (string, string) token = (InternalHeaders.Token, SampleUsage.Internal);
        for (var i = 0; i < WrongKeys.Most; i++)
        {
            await UsageRig.PostAsync(billing, "/usage/sign-in", $"sk-{i}", token, (InternalHeaders.Client, "a"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests,
            (await UsageRig.PostAsync(billing, "/usage/sign-in", "sk-once-more", token, (InternalHeaders.Client, "a"))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity,
            (await UsageRig.PostAsync(billing, "/usage/sign-in", "sk-once-more", token, (InternalHeaders.Client, "b"))).Status);
    }

    [Fact]
    public async Task SignIn_WithManyKeysAtOnce_TriesNoMoreThanAllowed()
    {
        await using var billing = await UsageRig.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 3 * WrongKeys.Most)
            .Select(i => UsageRig.PostAsync(billing, "/usage/sign-in", $"sk-{i}")));

        Assert.Equal(WrongKeys.Most, answers.Count(a => a.Status == HttpStatusCode.UnprocessableEntity));
        Assert.Equal(2 * WrongKeys.Most, answers.Count(a => a.Status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task SignIn_WithRightKeys_IsNeverClosed()
    {
        await using var billing = await UsageRig.StartAsync();

        for (var i = 0; i < 2 * WrongKeys.Most; i++)
        {
            Assert.Equal(HttpStatusCode.SeeOther, (await UsageRig.PostAsync(billing, "/usage/sign-in", SampleUsage.Admin)).Status);
        }
    }

    [Fact]
    public async Task SignIn_OfClientsThatNoGatewayTellsApart_IsThatOfOne()
    {
        await using var billing = await UsageRig.StartAsync();
        for (var i = 0; i < WrongKeys.Most; i++)
        {
            await UsageRig.PostAsync(billing, "/usage/sign-in", $"sk-{i}", (InternalHeaders.Client, $"{i}"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests,
            (await UsageRig.PostAsync(billing, "/usage/sign-in", "sk-once-more", (InternalHeaders.Client, "b"))).Status);
    }

    [Fact]
    public async Task SignIn_LeavesTheKeyInNoLog()
    {
        await rig.SignInAsync(Keys.Secret);
        await rig.SignInAsync(SampleUsage.Admin);

        Assert.Empty(rig.Billing.Logs.Find(Keys.Secret));
        Assert.Empty(rig.Billing.Logs.Find(SampleUsage.Admin));
    }

    private static async Task<bool> IsSignedInAsync(BillingHost billing, string cookie)
        => (await billing.GetAsync("/usage", key: null, ("Cookie", cookie))).Text.Contains("id=\"sign-out\"", StringComparison.Ordinal);
}
