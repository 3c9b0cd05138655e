using System.Net;
using OpenAIProxy.BillingService.SignIn;
using OpenAIProxy.BillingService.Tests.Ledger;
using OpenAIProxy.BillingService.Tests.Reports;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Tests.SignIn;

/// <summary>Who signs in by the identity provider, and what they see then.</summary>
public sealed class OidcTests(Postgres postgres)
{
    [Fact]
    public async Task Admin_SeesAllAndIsNamedInTheAudit()
    {
        await using var rig = await OidcRig.StartAsync();
        var id = await rig.CreateUsedKeyAsync("bobs", "bob@example.com", 1);
        using var ann = await rig.SignInAsync(FakeProvider.Person("ann@example.com", "staff", "admins"));

        var page = await ann.PageAsync();
        var made = await ann.SendAsync(HttpMethod.Post, "/usage/keys", new FormUrlEncodedContent([new("name", "made")]), ("Sec-Fetch-Site", "same-origin"));
        var audit = await rig.Billing.GetAsync("/admin/audit?limit=1", OidcRig.AdminToken);

        Assert.Contains("All keys · ann@example.com", page, StringComparison.Ordinal);
        Assert.Contains("id=\"access-keys\"", page, StringComparison.Ordinal);
        Assert.Contains($"key={id}", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Equal("ann@example.com", audit.Json.GetProperty("changes")[0].GetProperty("actor").GetString());
    }

    [Theory, OnEachDatabase]
    public async Task Owner_SeesTheirKeysAndNothingOfOthers(LedgerKind kind)
    {
        await using var place = await LedgerRig.CreateAsync(kind, postgres);
        await using var rig = await OidcRig.StartAsync(place.Setting);
        var first = await rig.CreateUsedKeyAsync("first", "Ann@Example.COM", 1_000);
        var second = await rig.CreateUsedKeyAsync("second", "ann@example.com", 20_000);
        var others = await rig.CreateUsedKeyAsync("others", "ann@example.com.evil.example", 300_000);
        await rig.Billing.ReportAsync(Rows.Of(4_000_000));
        using var ann = await rig.SignInAsync(FakeProvider.Person("ann@example.com"));

        var page = await ann.PageAsync();
        var zone = await ann.PageAsync("?tz=Asia/Shanghai");
        var one = await ann.PageAsync($"?key={first}");
        var foreign = await ann.PageAsync($"?key={others}");
        var csv = (await ann.PageAsync("/export.csv")).Trim().Split('\n');
        var focus = await ann.PageAsync("/focus.csv");

        Assert.All([page, zone, foreign], text => Assert.Contains("315,000", text, StringComparison.Ordinal));
        Assert.Contains("15k", one, StringComparison.Ordinal);
        Assert.DoesNotContain("315k", one, StringComparison.Ordinal);
        Assert.Contains("Your keys · ann@example.com", page, StringComparison.Ordinal);
        Assert.Equal(3, csv.Length);
        Assert.All([page, zone, one, foreign, string.Concat(csv), focus], text => Assert.DoesNotContain(others, text, StringComparison.Ordinal));
        Assert.All([page, string.Concat(csv), focus], text => Assert.Contains(first, text, StringComparison.Ordinal));
        Assert.All([page, string.Concat(csv), focus], text => Assert.Contains(second, text, StringComparison.Ordinal));
        Assert.DoesNotContain("id=\"access-keys\"", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await ann.SendAsync(HttpMethod.Get, "/usage/keys")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await ann.SendAsync(HttpMethod.Get, "/admin/keys")).Status);
    }

    [Fact]
    public async Task Owner_SeesTheirKeysOfTheSettings_AndBudgetsOfTheirKeysAlone()
    {
        await using var rig = await OidcRig.StartAsync();
        await rig.Billing.TellAsync(new KeyRoster(
            [
                Rosters.Rosters.Key("fk-anns", "anns-laptop", "Ann@example.com", "research", "5/day"),
                Rosters.Rosters.Key("fk-bobs", "bobs-phone", "bob@example.com", "research", "7/day"),
            ],
            Rosters.Rosters.Common with { Teams = new Dictionary<string, string> { ["research"] = "70/month" }, Total = "900/month" }));
        await rig.Billing.ReportAsync(Used.Tokens("2026-03-15", 4_000, 11_000, key: KeyId.Of("fk-anns").Value));
        await rig.Billing.ReportAsync(Used.Tokens("2026-03-15", 4_000, 11_000, key: KeyId.Of("fk-bobs").Value));
        using var ann = await rig.SignInAsync(FakeProvider.Person("ann@example.com"));
        using var admin = await rig.SignInAsync(FakeProvider.Person("eve@example.com", "admins"));

        var (own, all) = (await ann.PageAsync(), await admin.PageAsync());

        Assert.All(["anns-laptop", "$5.00"], text => Assert.Contains(text, own, StringComparison.Ordinal));
        Assert.All(["bobs-phone", "$7.00", "$70.00", "$900.00"], text => Assert.DoesNotContain(text, own, StringComparison.Ordinal));
        Assert.All(["anns-laptop", "bobs-phone", "$5.00", "$7.00", "$70.00", "$900.00"], text => Assert.Contains(text, all, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Owner_SeesTheirLatestCallsOnly()
    {
        await using var rig = await OidcRig.StartAsync();
        var own = await rig.CreateUsedKeyAsync("own", "ann@example.com", 1);
        var others = await rig.CreateUsedKeyAsync("others", "bob@example.com", 1);
        await rig.Billing.ReportAsync([Rows.Of(1, key: own), Rows.Of(1, key: others)], [Call(rig, own), Call(rig, others)]);
        using var ann = await rig.SignInAsync(FakeProvider.Person("ann@example.com"));

        var page = await ann.PageAsync("/live?pause=1");

        Assert.Contains(own, page, StringComparison.Ordinal);
        Assert.DoesNotContain(others, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Owner_OfAKeyThatBecomesTheirs_SeesItAtOnce_AndNoMoreOnceItIsAnothers()
    {
        await using var rig = await OidcRig.StartAsync();
        using var ann = await rig.SignInAsync(FakeProvider.Person("ann@example.com"));
        var before = await ann.PageAsync();

        var id = await rig.CreateUsedKeyAsync("late", "ann@example.com", 1);
        var theirs = await ann.PageAsync();
        await ManagedKeys.KeyRig.SendAsync(rig.Billing, HttpMethod.Patch, $"/admin/keys/{id}", ManagedKeys.KeyRig.Json(new { owner = "bob@example.com" }));
        var after = await ann.PageAsync();

        Assert.Contains("No access key has your e-mail", before, StringComparison.Ordinal);
        Assert.Contains(id, theirs, StringComparison.Ordinal);
        Assert.DoesNotContain(id, after, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("\"false\"")]
    [InlineData("\"False\"")]
    public async Task Email_ThatNobodyHasChecked_OpensNoKey(string verified)
    {
        await using var rig = await OidcRig.StartAsync();
        var id = await rig.CreateUsedKeyAsync("anns", "ann@example.com", 1);
        var user = FakeProvider.Person("ann@example.com", "admins");
        user["email_verified"] = System.Text.Json.Nodes.JsonNode.Parse(verified);
        using var admin = await rig.SignInAsync(user);
        user.Remove("groups");
        using var owner = await rig.SignInAsync(user);

        var page = await owner.PageAsync();

        Assert.Contains("No access key has your e-mail", page, StringComparison.Ordinal);
        Assert.DoesNotContain(id, page, StringComparison.Ordinal);
        Assert.Contains("All keys · sub 248289761001", await admin.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Email_ThatNobodyHasChecked_MakesNoAdmin()
    {
        await using var rig = await OidcRig.StartAsync(("Oidc:AdminClaim", "email=ann@example.com"));
        var user = FakeProvider.Person("ann@example.com");
        using var ann = await rig.SignInAsync(user);
        user["email_verified"] = false;
        using var somebody = await rig.SignInAsync(user);

        var byToken = await ManagedKeys.KeyRig.SendAsync(rig.Billing, HttpMethod.Get, "/admin/keys", null, rig.Provider.Token(user));

        Assert.Equal(HttpStatusCode.OK, (await ann.SendAsync(HttpMethod.Get, "/usage/keys")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await somebody.SendAsync(HttpMethod.Get, "/usage/keys")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, byToken.Status);
    }

    [Fact]
    public async Task Email_ThatOnlyTheUserInfoEndpointCallsUnchecked_OpensNoKey()
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.User = FakeProvider.Person("ann@example.com", "users");
        provider.UserInfo = FakeProvider.Person("ann@example.com", "users");
        provider.UserInfo["email_verified"] = false;
        await using var billing = await OidcRig.StartBillingAsync(provider);
        using var surfer = new Surfer(billing.Address);

        Assert.Equal(HttpStatusCode.OK, (await surfer.SignInAsync()).Status);

        Assert.Contains("Your keys · sub 248289761001", await surfer.PageAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not an address")]
    [InlineData("ann@example.com\u202E")]
    public async Task Email_ThatIsNone_OpensNoKey(string email)
    {
        await using var rig = await OidcRig.StartAsync();
        var ownerless = await rig.CreateUsedKeyAsync("ownerless", "", 1);
        var odd = await rig.CreateUsedKeyAsync("odd", "not an address", 1);
        using var surfer = await rig.SignInAsync(FakeProvider.Person(email));

        var page = await surfer.PageAsync();

        Assert.DoesNotContain(ownerless, page, StringComparison.Ordinal);
        Assert.DoesNotContain(odd, page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("admin@example.com", "groups=admins", "users")]
    [InlineData("admin@example.com", "groups=admins", "Admins")]
    [InlineData("admin@example.com", "groups=admins", "admins,users")]
    [InlineData("admin@example.com", "", "admins")]
    public async Task User_WithoutTheAdminClaim_IsNoAdmin(string email, string claim, string group)
    {
        await using var rig = await OidcRig.StartAsync(("Oidc:AdminClaim", claim));
        using var surfer = await rig.SignInAsync(FakeProvider.Person(email, group));

        Assert.Equal(HttpStatusCode.Forbidden, (await surfer.SendAsync(HttpMethod.Get, "/usage/keys")).Status);
    }

    [Fact]
    public async Task Claims_OfTheUserInfoEndpoint_CountWhereTheTokenHasNone()
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.User = new() { ["sub"] = "248289761001" };
        provider.UserInfo = FakeProvider.Person("ann@example.com", "staff", "admins");
        await using var billing = await OidcRig.StartBillingAsync(provider);
        using var surfer = new Surfer(billing.Address);

        await surfer.SignInAsync();

        Assert.Contains("All keys · ann@example.com", await surfer.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UserInfo_OfAnotherSubject_SignsNobodyIn()
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.User = new() { ["sub"] = "248289761001" };
        provider.UserInfo = FakeProvider.Person("ann@example.com", "admins");
        provider.UserInfo["sub"] = "another";
        await using var billing = await OidcRig.StartBillingAsync(provider);
        using var surfer = new Surfer(billing.Address);

        Assert.Equal(HttpStatusCode.BadGateway, (await surfer.SignInAsync()).Status);
        Assert.DoesNotContain(SignInCookie.Name, surfer.Cookies.Keys);
    }

    [Fact]
    public async Task SignOut_ForgetsWhoItWas()
    {
        await using var rig = await OidcRig.StartAsync();
        using var surfer = await rig.SignInAsync(FakeProvider.Person("ann@example.com", "admins"));

        var answer = await surfer.SendAsync(HttpMethod.Post, "/usage/sign-out", new FormUrlEncodedContent([]), ("Sec-Fetch-Site", "same-origin"));

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Empty(surfer.Cookies);
        Assert.Contains("id=\"provider\"", await surfer.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cookie_HoldsNoTokenAndEndsAfterEightHours()
    {
        await using var rig = await OidcRig.StartAsync();
        using var surfer = await rig.SignInAsync(FakeProvider.Person("ann@example.com", "admins"));
        var line = surfer.SetCookies.Single(cookie => cookie.StartsWith(SignInCookie.Name + "=", StringComparison.Ordinal));

        var before = await surfer.PageAsync();
        rig.Billing.Clock.Advance(TimeSpan.FromHours(8));
        var after = await surfer.PageAsync();

        Assert.Equal(["path=/", "samesite=strict", "httponly"], line.Split("; ")[1..]);
        Assert.Equal([SignInCookie.Name], surfer.Cookies.Keys);
        Assert.True(line.Length < 512, line);
        Assert.Contains("id=\"sign-out\"", before, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"sign-out\"", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_BegunAtOneReplica_EndsAtAnother_AndOutlivesARestart()
    {
        await using var rig = await OidcRig.StartAsync();
        await using var other = await OidcRig.StartBillingAsync(rig.Provider);
        rig.Provider.User = FakeProvider.Person("ann@example.com", "admins");
        using var first = new Surfer(rig.Billing.Address);
        using var second = new Surfer(other.Address);

        var back = await first.ReturnAddressAsync();
        Copy(first, second);
        var answer = await second.SendAsync(HttpMethod.Get, back);
        Copy(second, first);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("ann@example.com", await first.PageAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Oidc:ClientId", "another")]
    [InlineData("Oidc:AdminClaim", "groups=others")]
    [InlineData("Oidc:AdminClaim", "")]
    [InlineData("Internal:Token", "another-internal-token")]
    public async Task Cookie_OfOtherSettings_IsWorthNothing(string name, string value)
    {
        await using var rig = await OidcRig.StartAsync();
        using var surfer = await rig.SignInAsync(FakeProvider.Person("ann@example.com", "admins"));
        await using var other = await OidcRig.StartBillingAsync(rig.Provider, (name, value));
        using var there = new Surfer(other.Address);
        Copy(surfer, there);

        Assert.DoesNotContain("id=\"sign-out\"", await there.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutTheSettings_NothingOfItIsThere()
    {
        await using var rig = await OidcRig.StartAsync();
        using var surfer = await rig.SignInAsync(FakeProvider.Person("ann@example.com", "admins"));
        await using var without = await BillingHost.StartAsync(new Uri("http://127.0.0.1:9"), ("Billing:AdminToken", OidcRig.AdminToken));
        using var there = new Surfer(without.Address);
        Copy(surfer, there);

        var page = await there.PageAsync();
        var begin = await there.SendAsync(HttpMethod.Get, "/usage/sign-in/oidc");
        var callback = await there.SendAsync(HttpMethod.Get, "/usage/sign-in/oidc/callback?code=1&state=2");

        Assert.Contains("id=\"key\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"provider\"", page, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (begin.Status, callback.Status));
        Assert.Equal(HttpStatusCode.Unauthorized, (await there.SendAsync(HttpMethod.Get, "/admin/keys")).Status);
    }

    private static void Copy(Surfer from, Surfer to)
    {
        foreach (var (name, value) in from.Cookies)
        {
            to.Cookies[name] = value;
        }
    }

    private static RecentCall Call(OidcRig rig, string key)
        => new(rig.Billing.Clock.GetUtcNow().ToUnixTimeMilliseconds() - 1_000, 900, 200, [Rows.Of(1, key: key)]);
}
