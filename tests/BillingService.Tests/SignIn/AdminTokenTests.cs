using System.Net;
using System.Security.Cryptography;
using OpenAIProxy.BillingService.Tests.ManagedKeys;

namespace OpenAIProxy.BillingService.Tests.SignIn;

/// <summary>The admin API with tokens and sign-ins of the identity provider.</summary>
public sealed class AdminTokenTests
{
    private static readonly string[] Wrong =
        ["issuer", "audience", "no audience", "expired", "without an end", "too early"];

    [Fact]
    public async Task AccessToken_OfAnAdmin_OpensAndIsNamed()
    {
        await using var rig = await OidcRig.StartAsync();

        var token = rig.Provider.Token(FakeProvider.Person("ann@example.com", "admins"));
        var made = await KeyRig.SendAsync(rig.Billing, HttpMethod.Post, "/admin/keys", KeyRig.Json(new { name = "made" }), token);
        var audit = await KeyRig.SendAsync(rig.Billing, HttpMethod.Get, "/admin/audit", null, token);

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal("ann@example.com", audit.Json.GetProperty("changes")[0].GetProperty("actor").GetString());
        Assert.Empty(rig.Billing.Logs.Find(token));
    }

    [Fact]
    public async Task AccessToken_WithoutTheClaim_IsRefused()
    {
        await using var rig = await OidcRig.StartAsync();

        var answer = await AskAsync(rig.Billing, rig.Provider.Token(FakeProvider.Person("ann@example.com", "users")));

        Assert.Equal((403, "admin_claim_missing"), ((int)answer.Status, answer.Json.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task AccessToken_ThatIsWrong_IsRefused()
    {
        await using var rig = await OidcRig.StartAsync();
        var admin = FakeProvider.Person("ann@example.com", "admins");
        using var stranger = RSA.Create(2048);
        var tokens = Wrong.ToDictionary(what => what, what => rig.Provider.Token(admin, claims => OidcFailureTests.Spoil(claims, what)));
        rig.Provider.Signer = claims => FakeProvider.Sign(claims, stranger);
        tokens["another key"] = rig.Provider.Token(admin);
        rig.Provider.Signer = FakeProvider.SignByClientSecret;
        tokens["the client's secret"] = rig.Provider.Token(admin);
        rig.Provider.Signer = FakeProvider.WithoutSignature;
        tokens["no signature"] = rig.Provider.Token(admin);

        foreach (var (what, token) in tokens)
        {
            var answer = await AskAsync(rig.Billing, token);
            Assert.Equal((what, 401, "invalid_admin_token"), (what, (int)answer.Status, answer.Json.GetProperty("code").GetString()));
        }
    }

    // Anybody to whom the same client id shows its users has them.
    [Theory]
    [InlineData("nonce")]
    [InlineData("at_hash")]
    [InlineData("c_hash")]
    public async Task IdToken_OfAnAdmin_OpensNothing(string claim)
    {
        await using var rig = await OidcRig.StartAsync();

        var answer = await AskAsync(rig.Billing, rig.Provider.Token(FakeProvider.Person("ann@example.com", "admins"), claims => claims[claim] = "x"));

        Assert.Equal((401, "invalid_admin_token"), ((int)answer.Status, answer.Json.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOm51bGx9.x")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOjV9.x")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.W10.x")]
    [InlineData("eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Token_ThatIsOdd_IsAKeyLikeOthers(string token)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var rig = await BillingRig.StartAsync(provider.Settings());

        Assert.Equal(HttpStatusCode.OK, (await rig.Billing.GetAsync("/billing/usage", token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(rig.Billing, token)).Status);
        Assert.Empty(rig.Billing.Logs.Find("failed to answer"));
    }

    [Fact]
    public async Task AccessToken_OfTheAudienceThatIsSet_OpensAlone()
    {
        await using var rig = await OidcRig.StartAsync(("Oidc:Audience", "openaiproxy-api"));
        var admin = FakeProvider.Person("ann@example.com", "admins");

        var ofClient = await AskAsync(rig.Billing, rig.Provider.Token(admin));
        var ofApi = await AskAsync(rig.Billing, rig.Provider.Token(admin, claims => claims["aud"] = "openaiproxy-api"));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (ofClient.Status, ofApi.Status));
    }

    [Fact]
    public async Task WrongTokens_AreSlowedDown_AndTheRightOneIsNot()
    {
        await using var rig = await OidcRig.StartAsync();
        var wrong = rig.Provider.Token(FakeProvider.Person("ann@example.com", "admins"), claims => claims["aud"] = "another");
        for (var i = 0; i < 20; i++)
        {
            await AskAsync(rig.Billing, wrong);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await AskAsync(rig.Billing, wrong)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(rig.Billing, rig.Provider.Token(FakeProvider.Person("ann@example.com", "admins")))).Status);
    }

    [Fact]
    public async Task Provider_ThatIsAway_IsToldAndTheAdminTokenOpensAllTheSame()
    {
        await using var rig = await OidcRig.StartAsync();
        rig.Provider.Instead = context =>
        {
            context.Abort();
            return Task.FromResult(true);
        };

        var answer = await AskAsync(rig.Billing, rig.Provider.Token(FakeProvider.Person("ann@example.com", "admins")));

        Assert.Equal((503, "identity_provider_unreachable"), ((int)answer.Status, answer.Json.GetProperty("code").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(rig.Billing, OidcRig.AdminToken)).Status);
    }

    [Fact]
    public async Task WithoutAnAdminToken_TheClaimAloneTurnsTheApiOn()
    {
        await using var rig = await OidcRig.StartAsync(("Billing:AdminToken", ""));
        await using var without = await OidcRig.StartBillingAsync(rig.Provider, ("Billing:AdminToken", ""), ("Oidc:AdminClaim", ""));
        var token = rig.Provider.Token(FakeProvider.Person("ann@example.com", "admins"));

        var off = await AskAsync(without, token);

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(rig.Billing, token)).Status);
        Assert.Equal((403, "admin_token_not_set"), ((int)off.Status, off.Json.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 201)]
    [InlineData("Authorization", "Bearer wrong", 401)]
    public async Task SignIn_OfAnAdmin_OpensForPagesOfThisSite(string name, string value, int status)
    {
        await using var rig = await OidcRig.StartAsync();
        using var surfer = await rig.SignInAsync(FakeProvider.Person("ann@example.com", "admins"));

        var answer = await surfer.SendAsync(HttpMethod.Post, "/admin/keys", KeyRig.Json(new { name = "made" }), (name, value));

        Assert.Equal(status, (int)answer.Status);
        Assert.Equal(status == 201 ? 1 : 0, (await AskAsync(rig.Billing, OidcRig.AdminToken)).Json.GetProperty("keys").GetArrayLength());
    }

    [Fact]
    public async Task SignIn_WithTheAdminToken_IsNoneForTheApi()
    {
        await using var rig = await OidcRig.StartAsync();
        var cookie = await Pages.UsageRig.CookieAsync(rig.Billing, OidcRig.AdminToken);

        var answer = await rig.Billing.GetAsync("/admin/keys", key: null, ("Cookie", cookie), ("Sec-Fetch-Site", "same-origin"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
    }

    [Fact]
    public async Task AccessToken_AtABillingPath_GoesNotUpstream()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var rig = await BillingRig.StartAsync(provider.Settings());
        var token = provider.Token(FakeProvider.Person("ann@example.com", "admins"));

        var answer = await rig.Billing.GetAsync("/billing/usage", token);
        var credit = await rig.Billing.GetAsync("/billing/credit_grants", token);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (answer.Status, credit.Status));
        Assert.Empty(rig.Upstream.Calls);
    }

    private static Task<Answer> AskAsync(BillingHost billing, string token) => KeyRig.SendAsync(billing, HttpMethod.Get, "/admin/keys", null, token);
}
