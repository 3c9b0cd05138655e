using System.Net;
using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Tests.Pages;
using OpenAIProxy.BillingService.Tests.Reports;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Queries;

/// <summary>Guessing the admin token has a brake wherever that token is taken, and the brake holds up nobody who has a right key.</summary>
public sealed class CallerFilterTests
{
    private const string AdminToken = "admin-T3BlbkFJ-sees-everything";
    private const string UnknownToUpstream = """{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}""";

    public static TheoryData<string> Doors =>
    [
        "/billing/usage", "/v1/billing/usage", "/billing/usage?format=csv", "/billing/credit_grants", "/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-02",
        "/v1/dashboard/billing/subscription", "/dashboard/billing/credit_grants",
    ];

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Guess_AfterTooMany_Waits_AndARightKeyDoesNot(string door)
    {
        await using var rig = await StartAsync();
        rig.Upstream.AnswerWith(401, UnknownToUpstream);
        await rig.Billing.ReportAsync(Used.Tokens("2026-03-15", 1_000_000));

        for (var i = 0; i < WrongKeys.Most; i++)
        {
            Assert.NotEqual(HttpStatusCode.TooManyRequests, (await rig.Billing.GetAsync(door, $"admin-guess-{i}")).Status);
        }

        var held = await rig.Billing.GetAsync(door, "admin-guess-once-more");
        Assert.Equal((HttpStatusCode.TooManyRequests, "too_many_wrong_keys"), (held.Status, held.Error.Code));
        Assert.InRange(int.Parse(held.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.Equal(HttpStatusCode.OK, (await rig.Billing.GetAsync(door, AdminToken)).Status);
        Assert.NotEqual(HttpStatusCode.TooManyRequests, (await rig.Billing.GetAsync(door, Keys.Secret)).Status);
        Assert.NotEqual(HttpStatusCode.TooManyRequests, (await rig.Billing.GetForAsync(door, KeyId.Of("fk-team-alpha").Value)).Status);
        rig.Billing.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotEqual(HttpStatusCode.TooManyRequests, (await rig.Billing.GetAsync(door, "admin-guess-once-more")).Status);
    }

    [Fact]
    public async Task Guesses_AtAllDoors_CountTogether()
    {
        await using var rig = await StartAsync();
        rig.Upstream.AnswerWith(401, UnknownToUpstream);
        string[] doors = [.. Doors.Select(row => row.Data)];

        for (var i = 0; i < WrongKeys.Most; i++)
        {
            var status = i % 2 == 0
                ? (await UsageRig.PostAsync(rig.Billing, "/usage/sign-in", $"admin-guess-{i}")).Status
                : (await rig.Billing.GetAsync(doors[i % doors.Length], $"admin-guess-{i}")).Status;
            Assert.NotEqual(HttpStatusCode.TooManyRequests, status);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await UsageRig.PostAsync(rig.Billing, "/usage/sign-in", "admin-guess-x")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await rig.Billing.GetAsync("/billing/usage", "sk-guess-x")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests,
            (await rig.Billing.GetAsync("/billing/credit_grants", "sk-guess-x", (InternalHeaders.AdminOnly, "true"))).Status);
    }

    [Fact]
    public async Task Key_ThatOnlyUpstreamKnows_IsNoGuess()
    {
        await using var rig = await StartAsync();
        for (var i = 0; i < 2 * WrongKeys.Most; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await rig.Billing.GetAsync("/billing/credit_grants", $"sk-{i}")).Status);
        }

        rig.Upstream.AnswerWith(403, """{"error":{"message":"Your request must be made with a session key"}}""");
        for (var i = 0; i < 2 * WrongKeys.Most; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await rig.Billing.GetAsync("/billing/credit_grants", $"sk-x{i}")).Status);
        }
    }

    [Theory]
    [InlineData("sk-new")]
    [InlineData("eyJhbGciOi.of-a-compatible-api")]
    public async Task Key_ThatOnlyUpstreamKnows_IsTakenAfterTooManyGuesses(string key)
    {
        await using var rig = await StartAsync();
        for (var i = 0; i < WrongKeys.Most; i++)
        {
            await rig.Billing.GetAsync("/billing/usage", $"admin-guess-{i}");
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await rig.Billing.GetAsync("/billing/usage", "admin-guess-once-more")).Status);
        Assert.Equal(HttpStatusCode.OK, (await rig.Billing.GetAsync("/billing/credit_grants", key)).Status);
        rig.Upstream.AnswerWith(401, UnknownToUpstream);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await rig.Billing.GetAsync("/billing/credit_grants", "admin-guess-once-more")).Status);
    }

    [Fact]
    public async Task Keys_WithoutAnAdminToken_AreNoGuesses()
    {
        await using var rig = await BillingRig.StartAsync();
        for (var i = 0; i < 2 * WrongKeys.Most; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await rig.Billing.GetAsync("/billing/usage", $"sk-{i}")).Status);
        }
    }

    [Fact]
    public async Task Guesses_OfAnotherClient_HoldUpNobody()
    {
        await using var rig = await StartAsync();
        for (var i = 0; i <= WrongKeys.Most; i++)
        {
            await rig.Billing.GetAsync("/billing/usage", $"guess-{i}", (InternalHeaders.Token, BillingHost.InternalToken), (InternalHeaders.Client, "a"));
        }

        Assert.Equal(HttpStatusCode.OK, (await rig.Billing.GetAsync(
            "/billing/usage", "sk-new", (InternalHeaders.Token, BillingHost.InternalToken), (InternalHeaders.Client, "b"))).Status);
    }

    private static Task<BillingRig> StartAsync() => BillingRig.StartAsync(("Billing:AdminToken", AdminToken));
}
