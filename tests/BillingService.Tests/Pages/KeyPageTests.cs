using System.Net;
using Microsoft.Playwright;

namespace OpenAIProxy.BillingService.Tests.Pages;

/// <summary>Access keys on the usage page: for the admin, without a script.</summary>
public sealed class KeyPageTests(Chromium chromium)
{
    [Fact]
    public async Task Admin_MakesChangesRotatesAndRevokesAKey()
    {
        await using var billing = await UsageRig.StartAsync();
        await using var visitor = await chromium.VisitAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });
        var tab = await visitor.SignInAsync(new Uri(billing.Address, "/usage"), SampleUsage.Admin);
        await tab.FollowAsync(tab.Locator("#access-keys"));
        Assert.Equal(1, await tab.Locator("#nothing").CountAsync());

        await tab.Locator("#field-name").FillAsync("ann");
        await tab.Locator("#field-tags").FillAsync("a, b");
        await tab.FollowAsync(tab.Locator(".key-form button"));
        var secret = await tab.Locator("#secret").TextContentAsync();
        Assert.Matches("^fk-[0-9A-Za-z]{49}$", secret);
        Assert.Equal("a, b", await tab.Locator("#field-tags").InputValueAsync());

        await tab.Locator("#field-team").FillAsync("research");
        await tab.Locator("#field-enabled").UncheckAsync();
        await tab.FollowAsync(tab.Locator(".key-form button"));
        Assert.Equal("research", await tab.Locator("#field-team").InputValueAsync());
        Assert.False(await tab.Locator("#field-enabled").IsCheckedAsync());
        Assert.DoesNotContain(secret!, await tab.ContentAsync(), StringComparison.Ordinal);

        await tab.FollowAsync(tab.Locator("#rotate"));
        Assert.NotEqual(secret, await tab.Locator("#secret").TextContentAsync());

        await tab.Locator("#sure").CheckAsync();
        await tab.FollowAsync(tab.Locator("#revoke"));
        Assert.Equal(0, await tab.Locator("#rotate").CountAsync());
        Assert.Contains("revoked", await tab.Locator(".lead").TextContentAsync(), StringComparison.Ordinal);

        var audit = await billing.GetAsync("/admin/audit", SampleUsage.Admin);
        Assert.Equal(
            [("revoke", "usage page"), ("rotate", "usage page"), ("update", "usage page"), ("create", "usage page")],
            audit.Json.GetProperty("changes").EnumerateArray()
                .Select(change => (change.GetProperty("action").GetString(), change.GetProperty("actor").GetString())));
    }

    [Fact]
    public async Task Pages_HaveNothingThatAssistiveTechnologyCannotUse()
    {
        await using var billing = await UsageRig.StartAsync();
        await using var visitor = await chromium.VisitAsync();
        var tab = await visitor.SignInAsync(new Uri(billing.Address, "/usage"), SampleUsage.Admin);
        await tab.GotoAsync(new Uri(billing.Address, "/usage/keys").ToString());
        await tab.Locator("#field-name").FillAsync("ann");
        await tab.FollowAsync(tab.Locator(".key-form button"));

        var ofOne = await Axe.FindAsync(tab);
        await tab.GotoAsync(new Uri(billing.Address, "/usage/keys").ToString());
        var ofAll = await Axe.FindAsync(tab);

        Assert.Empty(ofOne.Concat(ofAll));
    }

    [Fact]
    public async Task Keys_InChinese_AreListedWithoutEnglish()
    {
        await using var billing = await UsageRig.StartAsync();
        var cookie = ("Cookie", await UsageRig.CookieAsync(billing, SampleUsage.Admin));
        await PostAsync(billing, "/usage/keys", "name=ann", cookie);

        var page = await billing.GetAsync("/usage/keys?lang=zh-CN", key: null, cookie);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("<h2 id=\"keys-title\">访问密钥</h2>", WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
        Assert.Contains("有效", WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
        Assert.DoesNotContain("Last used", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_AreForTheAdminOnly()
    {
        await using var billing = await UsageRig.StartAsync(BillingHost.InternalToken);
        await billing.ReportAsync(Ledger.Rows.Of(key: Contracts.KeyId.Of(Keys.Secret).Value));
        var own = ("Cookie", await UsageRig.CookieAsync(billing, Keys.Secret));

        var nobody = await billing.GetAsync("/usage/keys", key: null);
        var shown = await billing.GetAsync("/usage/keys", key: null, own);
        var made = await PostAsync(billing, "/usage/keys", "name=ann", own);

        Assert.Contains("id=\"key\"", nobody.Text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (shown.Status, made.Status));
        Assert.DoesNotContain("id=\"access-keys\"", (await billing.GetAsync("/usage", key: null, own)).Text, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(billing));
    }

    [Fact]
    public async Task Form_OfAnotherSite_DoesNothing()
    {
        await using var billing = await UsageRig.StartAsync();
        var cookie = ("Cookie", await UsageRig.CookieAsync(billing, SampleUsage.Admin));

        var answer = await PostAsync(billing, "/usage/keys", "name=ann", cookie, ("Sec-Fetch-Site", "cross-site"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Equal(0, await CountAsync(billing));
    }

    [Fact]
    public async Task Form_WithWrongFields_ShowsThemAsTheyWereSent()
    {
        await using var billing = await UsageRig.StartAsync();
        var cookie = ("Cookie", await UsageRig.CookieAsync(billing, SampleUsage.Admin));

        var answer = await PostAsync(billing, "/usage/keys", "name=two%20words&expires=tomorrow&networks=10.0.0.0%2F8", cookie);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("value=\"two words\"", answer.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"10.0.0.0/8\"", answer.Text, StringComparison.Ordinal);
        Assert.Equal(2, answer.Text.Split("aria-invalid=\"true\"").Length - 1);
        Assert.Equal(0, await CountAsync(billing));
    }

    [Fact]
    public async Task Revocation_WithoutTheBoxTicked_DoesNothing()
    {
        await using var billing = await UsageRig.StartAsync();
        var cookie = ("Cookie", await UsageRig.CookieAsync(billing, SampleUsage.Admin));
        await PostAsync(billing, "/usage/keys", "name=ann", cookie);
        var id = (await billing.GetAsync("/admin/keys", SampleUsage.Admin)).Json.GetProperty("keys")[0].GetProperty("id").GetString();

        var answer = await PostAsync(billing, $"/usage/keys/{id}/revoke", "", cookie);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal("active", (await billing.GetAsync($"/admin/keys/{id}", SampleUsage.Admin)).Json.GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await billing.GetAsync("/usage/keys/key_9f86d081884c7d659a2feaa0", key: null, cookie)).Status);
    }

    [Fact]
    public async Task SignIn_WithASecretOfAKey_IsForTheKeyAsLongAsItIsGood()
    {
        await using var billing = await UsageRig.StartAsync();
        var made = await ManagedKeys.KeyRig.SendAsync(
            billing, HttpMethod.Post, "/admin/keys", ManagedKeys.KeyRig.Json(new { name = "ann" }), SampleUsage.Admin);
        var (id, first) = (made.Json.GetProperty("id").GetString()!, made.Json.GetProperty("key").GetString()!);
        var rotated = await ManagedKeys.KeyRig.SendAsync(billing, HttpMethod.Post, $"/admin/keys/{id}/rotate", null, SampleUsage.Admin);
        var second = rotated.Json.GetProperty("key").GetString()!;

        var cookie = ("Cookie", await UsageRig.CookieAsync(billing, second));
        var page = await billing.GetAsync("/usage", key: null, cookie);
        var both = (await UsageRig.PostAsync(billing, "/usage/sign-in", first)).Status;
        billing.Clock.Advance(TimeSpan.FromDays(1));
        var ended = (await UsageRig.PostAsync(billing, "/usage/sign-in", first)).Status;
        await ManagedKeys.KeyRig.SendAsync(billing, HttpMethod.Post, $"/admin/keys/{id}/revoke", null, SampleUsage.Admin);
        var revoked = (await UsageRig.PostAsync(billing, "/usage/sign-in", second)).Status;

        Assert.Contains($"title=\"{id}\"", page.Text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.SeeOther, 422, 422), (both, (int)ended, (int)revoked));
    }

    private static async Task<int> CountAsync(BillingHost billing)
        => (await billing.GetAsync("/admin/keys", SampleUsage.Admin)).Json.GetProperty("keys").GetArrayLength();

    private static async Task<Answer> PostAsync(BillingHost billing, string target, string form, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target);
        request.Content = new StringContent(form, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await billing.Client.SendAsync(request).Guarded();
        return new Answer(response.StatusCode, new Dictionary<string, string>(), await response.Content.ReadAsByteArrayAsync());
    }
}
