using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using OpenAIProxy.BillingService.SignIn;
using OpenAIProxy.BillingService.Tests.ManagedKeys;
using OpenAIProxy.BillingService.Tests.Pages;

namespace OpenAIProxy.BillingService.Tests.SignIn;

/// <summary>Signing in by the identity provider through a gateway, as browsers do.</summary>
public sealed class OidcGatewayTests(Chromium chromium)
{
    [Fact]
    public async Task SignIn_BehindAPrefixAndAProxyThatEndsTls_ComesBackThere()
    {
        await using var rig = await OidcRig.StartAsync();
        await using var gateway = await StartAsync(rig, ("ROUTE_PREFIX", "/openai"));
        rig.Provider.User = FakeProvider.Person("ann@example.com", "admins");
        using var surfer = new Surfer(gateway.Address, ("X-Forwarded-Proto", "https"), ("Host", "ai.example"));

        var page = await surfer.SendAsync(HttpMethod.Get, "/openai/usage");
        var back = await surfer.ReturnAddressAsync("/openai/usage/sign-in/oidc");
        var flow = surfer.SetCookies.ToArray();
        var answer = await surfer.SendAsync(HttpMethod.Get, back);

        Assert.Contains("href=\"usage/sign-in/oidc\"", page.Text, StringComparison.Ordinal);
        Assert.Equal("https://ai.example/openai/usage/sign-in/oidc/callback", rig.Provider.RedirectUri);
        Assert.Equal(2, flow.Length);
        Assert.All(flow, cookie => Assert.EndsWith(
            "; max-age=900; path=/openai/usage/sign-in/oidc/callback; secure; samesite=lax; httponly", cookie, StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.OK, "0;url=../../../usage"), (answer.Status, answer.Headers["Refresh"]));
        var session = surfer.SetCookies.Single(cookie => cookie.StartsWith(SignInCookie.Name, StringComparison.Ordinal));
        Assert.Contains("; secure", session, StringComparison.Ordinal);
        var signedIn = await surfer.SendAsync(HttpMethod.Get, "/openai/usage");
        Assert.Contains("All keys · ann@example.com", WebUtility.HtmlDecode(signedIn.Text), StringComparison.Ordinal);
        Assert.Equal(["code", "iss", "state"], QueryHelpers.ParseQuery(new Uri(gateway.Address, back).Query).Keys.Order());
    }

    [Fact]
    public async Task Logs_OfTheGateway_HoldNoCodeAndNoToken()
    {
        await using var rig = await OidcRig.StartAsync();
        await using var gateway = await StartAsync(rig);
        using var surfer = new Surfer(gateway.Address);
        rig.Provider.User = FakeProvider.Person("ann@example.com", "admins");
        await surfer.SignInAsync();
        await SendAsync(gateway, rig.Provider.Token(rig.Provider.User));

        Assert.All([.. rig.Provider.Secrets, "code-"], secret => Assert.Empty(gateway.Logs.Find(secret).Concat(rig.Billing.Logs.Find(secret))));
    }

    [Fact]
    public async Task AdminApi_ThroughTheGateway_TakesTheSignInAndTheAccessToken()
    {
        await using var rig = await OidcRig.StartAsync();
        await using var gateway = await StartAsync(rig);
        using var surfer = new Surfer(gateway.Address);
        rig.Provider.User = FakeProvider.Person("ann@example.com", "admins");
        await surfer.SignInAsync();
        // As browsers say it over http, where they send no Sec-Fetch-Site.
        var own = ("Origin", gateway.Address.GetLeftPart(UriPartial.Authority));

        var made = await surfer.SendAsync(HttpMethod.Post, "/admin/keys", KeyRig.Json(new { name = "made" }), own);
        var foreign = await surfer.SendAsync(HttpMethod.Post, "/admin/keys", KeyRig.Json(new { name = "foreign" }), ("Origin", "http://evil.example"));
        var byToken = await SendAsync(gateway, rig.Provider.Token(rig.Provider.User));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Forbidden, HttpStatusCode.OK), (made.Status, foreign.Status, byToken));
    }

    [Fact]
    public async Task Browser_WithoutScripts_SignsInAndStays()
    {
        await using var rig = await OidcRig.StartAsync();
        await using var gateway = await StartAsync(rig);
        rig.Provider.User = FakeProvider.Person("ann@example.com", "admins");
        await using var visitor = await chromium.VisitAsync(new() { Locale = "en-US", JavaScriptEnabled = false });
        var tab = await visitor.NewPageAsync();
        var page = new Uri(gateway.Address, "/usage");
        await tab.GotoAsync(page.ToString());

        await tab.Locator("#provider").ClickAsync();
        // Over the provider, which is another site, and the page that says so.
        await tab.Locator("#sign-out").WaitForAsync();

        Assert.Equal(page.ToString(), tab.Url);
        Assert.Contains("ann@example.com", await tab.Locator(".viewer").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal(SignInCookie.Name, Assert.Single(await visitor.CookiesAsync()).Name);
        await tab.FollowAsync(tab.Locator("#sign-out"));
        Assert.True(await tab.Locator("#provider").IsVisibleAsync());
    }

    private static Task<GatewayHost> StartAsync(OidcRig rig, params (string, string)[] settings) => GatewayHost.StartAsync(
        new Uri("http://127.0.0.1:9"),
        [
            ("services:billing:http:0", rig.Billing.Address.ToString()), ("Metering:Enabled", "false"), ("Access:ManagedKeys", "true"),
            ("OPENAI_API_KEY", Keys.Operator), .. settings,
        ]);

    private static async Task<HttpStatusCode> SendAsync(GatewayHost gateway, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/keys");
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await gateway.Client.SendAsync(request).Guarded();
        return answer.StatusCode;
    }
}
