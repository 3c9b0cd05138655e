using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OpenAIProxy.BillingService.SignIn;

namespace OpenAIProxy.BillingService.Tests.SignIn;

/// <summary>Signing in by the identity provider where something is wrong: nobody is signed in, and a page says why.</summary>
public sealed class OidcFailureTests
{
    [Theory]
    [InlineData("nonce", HttpStatusCode.BadRequest)]
    [InlineData("no nonce", HttpStatusCode.BadRequest)]
    [InlineData("issuer", HttpStatusCode.BadGateway)]
    [InlineData("audience", HttpStatusCode.BadGateway)]
    [InlineData("no audience", HttpStatusCode.BadGateway)]
    [InlineData("authorized party", HttpStatusCode.BadGateway)]
    [InlineData("expired", HttpStatusCode.BadGateway)]
    [InlineData("without an end", HttpStatusCode.BadGateway)]
    [InlineData("too early", HttpStatusCode.BadGateway)]
    [InlineData("another key", HttpStatusCode.BadGateway)]
    [InlineData("the client's secret", HttpStatusCode.BadGateway)]
    [InlineData("no signature", HttpStatusCode.BadGateway)]
    public async Task Token_ThatIsWrong_SignsNobodyIn(string what, HttpStatusCode status)
    {
        await using var rig = await OidcRig.StartAsync();
        rig.Provider.User = FakeProvider.Person("ann@example.com", "admins");
        using var stranger = RSA.Create(2048);
        Spoil(rig.Provider, what, stranger);
        using var surfer = new Surfer(rig.Billing.Address);

        await AssertNobodyAsync(surfer, await surfer.SignInAsync(), status);
    }

    [Fact]
    public async Task Return_ThatWasNotBegunInThisBrowser_SignsNobodyIn()
    {
        await using var rig = await OidcRig.StartAsync();
        using var attacker = new Surfer(rig.Billing.Address);
        using var victim = new Surfer(rig.Billing.Address);
        var back = await attacker.ReturnAddressAsync();

        await AssertNobodyAsync(victim, await victim.SendAsync(HttpMethod.Get, back), HttpStatusCode.BadRequest);

        // Nor with a sign-in of their own under way.
        await victim.ReturnAddressAsync();
        await AssertNobodyAsync(victim, await victim.SendAsync(HttpMethod.Get, back), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Code_OfAnotherSignIn_SignsNobodyIn()
    {
        await using var rig = await OidcRig.StartAsync();
        using var attacker = new Surfer(rig.Billing.Address);
        using var victim = new Surfer(rig.Billing.Address);
        var stolen = Query(await attacker.ReturnAddressAsync(), "code");
        var back = await victim.ReturnAddressAsync();

        var answer = await victim.SendAsync(HttpMethod.Get, back.Replace(Query(back, "code"), stolen, StringComparison.Ordinal));

        await AssertNobodyAsync(victim, answer, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Return_UsedTwice_SignsInOnce()
    {
        await using var rig = await OidcRig.StartAsync();
        using var surfer = new Surfer(rig.Billing.Address);
        var back = await surfer.ReturnAddressAsync();
        var kept = surfer.Cookies.ToDictionary();
        var first = await surfer.SendAsync(HttpMethod.Get, back);
        surfer.Cookies.Clear();

        var second = await surfer.SendAsync(HttpMethod.Get, back);
        foreach (var (name, value) in kept)
        {
            surfer.Cookies[name] = value;
        }

        // With the cookies of before, as from a stolen browser, it is the provider that refuses the code.
        var third = await surfer.SendAsync(HttpMethod.Get, back);

        Assert.Equal(HttpStatusCode.OK, first.Status);
        await AssertNobodyAsync(surfer, second, HttpStatusCode.BadRequest);
        await AssertNobodyAsync(surfer, third, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?code=1")]
    [InlineData("?code=1&state=")]
    [InlineData("?code=1&state=AAAA")]
    [InlineData("?error=access_denied")]
    [InlineData("?error=server_error&state=AAAA")]
    [InlineData("?id_token=e30.e30.&state=AAAA")]
    public async Task Return_WithoutAGoodState_IsToldApart(string query)
    {
        await using var rig = await OidcRig.StartAsync();
        using var surfer = new Surfer(rig.Billing.Address);

        await AssertNobodyAsync(surfer, await surfer.SendAsync(HttpMethod.Get, "/usage/sign-in/oidc/callback" + query), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Return_WithAChangedStateInAnyPlace_SignsNobodyIn()
    {
        await using var rig = await OidcRig.StartAsync();
        using var surfer = new Surfer(rig.Billing.Address);
        var back = await surfer.ReturnAddressAsync();
        var state = Query(back, "state");

        for (var i = 0; i < state.Length; i += 25)
        {
            var changed = state[..i] + (state[i] == 'A' ? 'B' : 'A') + state[(i + 1)..];
            await AssertNobodyAsync(
                surfer, await surfer.SendAsync(HttpMethod.Get, back.Replace(state, changed, StringComparison.Ordinal)), HttpStatusCode.BadRequest);
        }
    }

    [Theory]
    [InlineData("error=access_denied&error_description=no", HttpStatusCode.Forbidden, "did not let you in")]
    [InlineData("error=temporarily_unavailable", HttpStatusCode.BadGateway, "can&#x27;t be used")]
    [InlineData("code=1&iss=https%3A%2F%2Fother.example", HttpStatusCode.BadGateway, "can&#x27;t be used")]
    public async Task Provider_ThatRefuses_IsExplained(string refusal, HttpStatusCode status, string text)
    {
        await using var rig = await OidcRig.StartAsync();
        rig.Provider.Refusal = refusal;
        using var surfer = new Surfer(rig.Billing.Address);

        var answer = await surfer.SignInAsync();

        await AssertNobodyAsync(surfer, answer, status);
        Assert.Contains(text, answer.Text.Replace("&#39;", "&#x27;", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/.well-known/openid-configuration", 503)]
    [InlineData("/.well-known/openid-configuration", 200)]
    [InlineData("/jwks", 500)]
    [InlineData("/token", 500)]
    [InlineData("/token", 200)]
    [InlineData("/token", 0)]
    public async Task Provider_ThatFails_IsExplained(string path, int status)
    {
        await using var rig = await OidcRig.StartAsync();
        rig.Provider.Instead = context =>
        {
            if (context.Request.Path != path)
            {
                return Task.FromResult(false);
            }

            if (status == 0)
            {
                context.Abort();
            }

            context.Response.StatusCode = status == 0 ? 200 : status;
            context.Response.ContentType = "application/json";
            return Task.FromResult(true);
        };
        using var surfer = new Surfer(rig.Billing.Address);

        var answer = await surfer.SendAsync(HttpMethod.Get, "/usage/sign-in/oidc?lang=zh-CN");
        if (answer.Status == HttpStatusCode.Redirect)
        {
            answer = await surfer.SignInAsync();
        }

        await AssertNobodyAsync(surfer, answer, HttpStatusCode.BadGateway);
        Assert.Contains("未能登录", WebUtility.HtmlDecode(answer.Text), StringComparison.Ordinal);
        Assert.Single(rig.Billing.Logs.Find("Oidc:Authority"), entry => entry.Category.EndsWith("OidcFlow", StringComparison.Ordinal));

        // As soon as it is well again, so are we.
        rig.Provider.Instead = _ => Task.FromResult(false);
        await HangGuard.Until(surfer.TrySignInAsync, isIn => isIn, "somebody signs in");
    }

    [Theory]
    [InlineData("returnUrl")]
    [InlineData("ReturnUrl")]
    [InlineData("redirect_uri")]
    [InlineData("return")]
    public async Task Address_ToGoToAfterwards_CannotBeChosen(string name)
    {
        await using var rig = await OidcRig.StartAsync();
        using var surfer = new Surfer(rig.Billing.Address);

        var back = await surfer.ReturnAddressAsync($"/usage/sign-in/oidc?{name}=https://evil.example/&{name}=//evil.example");
        var answer = await surfer.SendAsync(HttpMethod.Get, $"{back}&{name}=https%3A%2F%2Fevil.example%2F");

        Assert.Equal($"{rig.Billing.Address}usage/sign-in/oidc/callback", rig.Provider.RedirectUri);
        Assert.Equal("0;url=../../../usage", answer.Headers["Refresh"]);
        Assert.DoesNotContain("evil", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_HoldNoCodeNoTokenAndNoSecret()
    {
        await using var rig = await OidcRig.StartAsync();
        using var good = await rig.SignInAsync(FakeProvider.Person("ann@example.com", "admins"));
        using var bad = new Surfer(rig.Billing.Address);
        rig.Provider.Change = claims => claims["aud"] = "another";
        await bad.SignInAsync();
        rig.Provider.Change = _ => { };
        var back = await bad.ReturnAddressAsync();
        var kept = bad.Cookies.ToDictionary();
        await bad.SendAsync(HttpMethod.Get, back);
        kept.ToList().ForEach(cookie => bad.Cookies[cookie.Key] = cookie.Value);
        await bad.SendAsync(HttpMethod.Get, back);

        Assert.NotEmpty(rig.Provider.Secrets);
        Assert.All([.. rig.Provider.Secrets, "code-", FakeProvider.ClientSecret, "ann@example.com"], secret => Assert.Empty(rig.Billing.Logs.Find(secret)));
    }

    private static async Task AssertNobodyAsync(Surfer surfer, Answer answer, HttpStatusCode status)
    {
        Assert.Equal(status, answer.Status);
        Assert.Equal("text/html; charset=utf-8", answer.Headers["Content-Type"]);
        Assert.DoesNotContain("   at ", answer.Text, StringComparison.Ordinal);
        Assert.False(answer.Headers.ContainsKey("Refresh"));
        Assert.DoesNotContain(SignInCookie.Name, surfer.Cookies.Keys);
        Assert.DoesNotContain("id=\"sign-out\"", await surfer.PageAsync(), StringComparison.Ordinal);
    }

    private static string Query(string target, string name)
        => Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(target[target.IndexOf('?', StringComparison.Ordinal)..])[name].ToString();

    private static void Spoil(FakeProvider provider, string what, RSA stranger)
    {
        switch (what)
        {
            case "another key":
                provider.Signer = claims => FakeProvider.Sign(claims, stranger);
                break;
            case "the client's secret":
                provider.Signer = FakeProvider.SignByClientSecret;
                break;
            case "no signature":
                provider.Signer = FakeProvider.WithoutSignature;
                break;
            default:
                provider.Change = claims => Spoil(claims, what);
                break;
        }
    }

    internal static void Spoil(JsonObject claims, string what)
    {
        var now = new ManualClock().GetUtcNow().ToUnixTimeSeconds();
        switch (what)
        {
            case "nonce":
                claims["nonce"] = "1.another";
                break;
            case "no nonce":
                claims.Remove("nonce");
                break;
            case "issuer":
                claims["iss"] = "https://other.example";
                break;
            case "audience":
                claims["aud"] = "another";
                break;
            case "no audience":
                claims.Remove("aud");
                break;
            case "authorized party":
                claims["aud"] = new JsonArray(FakeProvider.ClientId, "another");
                claims["azp"] = "another";
                break;
            case "expired":
                claims["exp"] = now - 120;
                claims["nbf"] = now - 300;
                break;
            case "without an end":
                claims.Remove("exp");
                break;
            case "too early":
                claims["nbf"] = now + 120;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(what), what, null);
        }
    }
}
