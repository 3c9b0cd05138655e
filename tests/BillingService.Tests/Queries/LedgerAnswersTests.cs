using System.Net;
using System.Text.Json;
using OpenAIProxy.BillingService.Tests.Reports;
using OpenAIProxy.BillingService.Tests.Upstream;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Queries;

/// <summary>Answers by what was counted here, where upstream has none.</summary>
public sealed class LedgerAnswersTests
{
    private const string Usage = "/dashboard/billing/usage?start_date=2026-03-13&end_date=2026-03-17";
    private const string AdminToken = "admin-T3BlbkFJ-sees-everything";

    private static readonly string AccessKey = KeyId.Of("fk-team-alpha").Value;

    [Fact]
    public async Task Usage_WhereUpstreamWantsASessionKey_HasEveryDayAndTheModelsCosts()
    {
        await using var rig = await RefusingAsync();
        await rig.Billing.ReportAsync(
            Used.Tokens("2026-03-13", 1_000_000, 100_000), Used.Tokens("2026-03-13", 2_000_000, model: "gpt-4o-mini", estimated: true),
            Used.Tokens("2026-03-15", 1), Used.Tokens("2026-03-12", 7_000_000), Used.Tokens("2026-03-15", 9_000_000, key: AccessKey));

        var answer = await rig.Billing.GetAsync(Usage);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            """
            {"object":"list","daily_costs":[
            {"timestamp":1773360000,"line_items":[{"name":"gpt-4o","cost":350},{"name":"gpt-4o-mini","cost":30}]},
            {"timestamp":1773446400,"line_items":[]},
            {"timestamp":1773532800,"line_items":[{"name":"gpt-4o","cost":0.00025}]},
            {"timestamp":1773619200,"line_items":[]}],
            "total_usage":380.00025,"source":"ledger","unpriced":false,"unpriced_requests":0,"estimated_usage":30,"requests":3,
            "total_tokens":3100001,"input_tokens":3000001,"output_tokens":100000}
            """.ReplaceLineEndings(""),
            answer.Text);
        Assert.Equal("ledger", answer.Headers["x-openaiproxy-source"]);
        Assert.Equal(("miss", "0", "no-store"), (answer.Cache, answer.Age, answer.Headers["Cache-Control"]));
    }

    [Fact]
    public async Task Refusal_IsRememberedForAnHour_WithoutAnotherCall()
    {
        await using var rig = await RefusingAsync();
        await rig.Billing.GetAsync(Usage);
        rig.Billing.Clock.Advance(TimeSpan.FromMinutes(59));

        foreach (var target in (string[])[Usage, "/v1/dashboard/billing/subscription", "/billing/credit_grants", "/v1/dashboard/billing/credit_grants"])
        {
            var answer = await rig.Billing.GetAsync(target);
            Assert.Equal((HttpStatusCode.OK, "ledger"), (answer.Status, answer.Headers["x-openaiproxy-source"]));
        }

        Assert.Single(rig.Upstream.Calls);
        rig.Billing.Clock.Advance(TimeSpan.FromMinutes(2));
        await rig.Billing.GetAsync(Usage);
        Assert.Equal(2, rig.Upstream.Calls.Count);
    }

    [Fact]
    public async Task Usage_Reported_IsInTheNextAnswerAtOnce()
    {
        await using var rig = await RefusingAsync();
        Assert.Equal("0", (await rig.Billing.GetAsync(Usage)).Number("total_usage"));

        await rig.Billing.ReportAsync(Used.Tokens("2026-03-15", 1_000_000));

        Assert.Equal("250", (await rig.Billing.GetAsync(Usage)).Number("total_usage"));
    }

    [Fact]
    public async Task Usage_WithoutAPrice_IsNamedAndCostsNothingAmongTheItems()
    {
        await using var rig = await RefusingAsync();
        await rig.Billing.ReportAsync(
            Used.Tokens("2026-03-13", 500, 20, Used.Unpriced, requests: 4), Used.Of(UsageUnit.Unmetered, 0, "2026-03-13", "", "files"),
            Used.Of(UsageUnit.Free, 0, "2026-03-13", "", "models"));

        var answer = await rig.Billing.GetAsync("/dashboard/billing/usage?start_date=2026-03-13&end_date=2026-03-14");

        Assert.Equal(
            """
            [{"timestamp":1773360000,"line_items":[],"unpriced_line_items":[
            {"name":"Other","requests":1,"total_tokens":0,"input_tokens":0,"output_tokens":0},
            {"name":"somebody-elses-model","requests":4,"total_tokens":520,"input_tokens":500,"output_tokens":20}]}]
            """.ReplaceLineEndings(""),
            answer.Json.GetProperty("daily_costs").GetRawText());
        Assert.Equal("0", answer.Number("total_usage"));
        Assert.True(answer.Json.GetProperty("unpriced").GetBoolean());
        Assert.Equal("5", answer.Number("unpriced_requests"));
    }

    [Fact]
    public async Task CreditGrants_OfTheLedger_AreInBothShapes()
    {
        await using var rig = await RefusingAsync();
        await rig.Billing.ReportAsync(
            Used.Tokens("2025-06-01", 1_000_000), Used.Tokens("2026-03-15", 400_000), Used.Tokens("2026-03-15", 1, model: Used.Unpriced));

        var answer = await rig.Billing.GetAsync("/billing/credit_grants?start_date=2025-05-01&end_date=2026-03-15");

        Assert.Equal("3.5", answer.Number("total_used"));
        Assert.Equal("100000000", answer.Number("total_granted"));
        Assert.Equal("99999996.5", answer.Number("total_available"));
        Assert.Equal("credit_summary", answer.Json.GetProperty("object").GetString());
        Assert.Equal("ledger", answer.Json.GetProperty("source").GetString());
        Assert.True(answer.Json.GetProperty("unpriced").GetBoolean());
        var windows = answer.Json.GetProperty("list_used").EnumerateArray().ToArray();
        Assert.True(windows.Length >= 4);
        Assert.Equal("2025-05-01", windows[0].GetProperty("start_date").GetString());
        Assert.Equal("2026-03-15", windows[^1].GetProperty("end_date").GetString());
        Assert.Equal(3.5m, windows.Sum(w => w.GetProperty("used").GetDecimal()));
        Assert.Equal(JsonValueKind.Number, answer.Json.GetProperty("grants").GetProperty("data")[0].GetProperty("expires_at").ValueKind);
    }

    [Fact]
    public async Task Subscription_OfTheLedger_IsWithoutALimit()
    {
        await using var rig = await RefusingAsync();

        var answer = await rig.Billing.GetAsync("/dashboard/billing/subscription");

        Assert.Equal("100000000", answer.Number("hard_limit_usd"));
        Assert.Equal("4102444800", answer.Number("access_until"));
        Assert.True(answer.Json.GetProperty("has_payment_method").GetBoolean());
        Assert.Equal("ledger", answer.Json.GetProperty("source").GetString());
    }

    [Theory]
    [InlineData(401, """{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}""")]
    [InlineData(403, """{"error":{"message":"Country not supported","type":"request_forbidden","param":null,"code":"unsupported_country"}}""")]
    [InlineData(500, """{"error":{"message":"must be made with a session key"}}""")]
    public async Task Error_OfUpstreamForAnotherReason_StaysOne(int status, string body)
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.AnswerWith(status, body);

        var answer = await rig.Billing.GetAsync(Usage);

        Assert.Equal((status, body), ((int)answer.Status, answer.Text));
        Assert.Equal("upstream", answer.Headers["x-openaiproxy-source"]);
    }

    [Fact]
    public async Task AccessKey_KnownToTheGateway_SeesItsOwnUsageAndUpstreamIsNotAsked()
    {
        await using var rig = await BillingRig.StartAsync(("Billing:Source", "Upstream"));
        await rig.Billing.ReportAsync(Used.Tokens("2026-03-15", 1_000_000, key: AccessKey), Used.Tokens("2026-03-15", 3_000_000));

        var answer = await rig.Billing.GetForAsync(Usage, AccessKey);

        Assert.Equal("250", answer.Number("total_usage"));
        Assert.Equal("ledger", answer.Headers["x-openaiproxy-source"]);
        Assert.Empty(rig.Upstream.Calls);
    }

    [Theory]
    [InlineData("guessed-guessed-guessed")]
    [InlineData("")]
    [InlineData(null)]
    public async Task KeyId_WithoutTheGatewaysToken_IsNotBelieved(string? token)
    {
        await using var rig = await RefusingAsync();
        await rig.Billing.ReportAsync(Used.Tokens("2026-03-15", 1_000_000, key: AccessKey));
        (string, string)[] headers = token is null
            ? [(InternalHeaders.KeyId, AccessKey)] : [(InternalHeaders.KeyId, AccessKey), (InternalHeaders.Token, token)];

        Assert.Equal(HttpStatusCode.Unauthorized, (await rig.Billing.GetAsync(Usage, null, headers)).Status);
        Assert.Equal("0", (await rig.Billing.GetAsync(Usage, Keys.Other, headers)).Number("total_usage"));
    }

    [Fact]
    public async Task Anonymous_OfThisMachine_SeesTheOperatorsAccountAndElseTheirOwnUsage()
    {
        await using var rig = await BillingRig.StartAsync();
        await rig.Billing.ReportAsync(Used.Tokens("2026-03-15", 1_000_000, key: UsageDimensions.Anonymous), Used.Tokens("2026-03-15", 3_000_000));

        Assert.Equal("40", (await rig.Billing.GetForAsync(Usage, UsageDimensions.Anonymous, Keys.Operator)).Number("total_usage"));
        Assert.Equal($"Bearer {Keys.Operator}", Assert.Single(rig.Upstream.Calls).Key);

        rig.Upstream.AnswerWith(403, SessionKeyTests.Refusal);
        var answer = await rig.Billing.GetForAsync(Usage, UsageDimensions.Anonymous, Keys.Operator, ("Cache-Control", "no-cache"));
        Assert.Equal(("250", "ledger"), (answer.Number("total_usage"), answer.Headers["x-openaiproxy-source"]));
    }

    [Theory]
    [InlineData(Keys.Secret)]
    [InlineData(Keys.Session)]
    [InlineData(Keys.Admin)]
    public async Task SourceLedger_NeverAsksUpstream(string key)
    {
        await using var rig = await BillingRig.StartAsync(("Billing:Source", "Ledger"));

        foreach (var target in (string[])[Usage, "/dashboard/billing/subscription", "/billing/credit_grants"])
        {
            Assert.Equal("ledger", (await rig.Billing.GetAsync(target, key)).Headers["x-openaiproxy-source"]);
        }

        Assert.Empty(rig.Upstream.Calls);
    }

    [Fact]
    public async Task AdminToken_SeesTheUsageOfAllKeysAndNeverGoesUpstream()
    {
        await using var rig = await BillingRig.StartAsync(("Billing:AdminToken", AdminToken), ("Billing:Source", "Upstream"));
        await rig.Billing.ReportAsync(Used.Tokens("2026-03-15", 1_000_000, key: AccessKey), Used.Tokens("2026-03-15", 3_000_000));

        Assert.Equal("1000", (await rig.Billing.GetAsync(Usage, AdminToken)).Number("total_usage"));
        Assert.Empty(rig.Upstream.Calls);
        await rig.Billing.GetAsync(Usage, AdminToken + "x");
        Assert.Single(rig.Upstream.Calls);
    }

    [Fact]
    public async Task AdminOnly_TakesTheAdminTokenAndNoOtherKey()
    {
        await using var rig = await BillingRig.StartAsync(("Billing:AdminToken", AdminToken));
        var adminOnly = (InternalHeaders.AdminOnly, "true");

        foreach (var target in (string[])[Usage, "/billing/usage", "/billing/credit_grants"])
        {
            Assert.Equal(HttpStatusCode.OK, (await rig.Billing.GetAsync(target, AdminToken, adminOnly)).Status);
            var refused = await rig.Billing.GetAsync(target, Keys.Secret, adminOnly);
            Assert.Equal((HttpStatusCode.Unauthorized, "invalid_api_key"), (refused.Status, refused.Error.Code));
        }

        Assert.Empty(rig.Upstream.Calls);
    }

    [Theory]
    [InlineData("start_date=2026-03-15&end_date=2026-03-16", 1)]
    [InlineData("start_date=2026-03-01&end_date=2026-04-01", 31)]
    [InlineData("start_date=2030-01-01&end_date=2030-01-03", 2)]
    [InlineData("start_date=2024-03-15&end_date=2026-03-16", 731)]
    public async Task Usage_OfAnyRange_HasEachOfItsDays(string dates, int days)
    {
        await using var rig = await BillingRig.StartAsync(("Billing:Source", "Ledger"));

        var answer = await rig.Billing.GetAsync($"/v1/dashboard/billing/usage?{dates}");

        var timestamps = answer.Json.GetProperty("daily_costs").EnumerateArray().Select(d => d.GetProperty("timestamp").GetInt64()).ToArray();
        Assert.Equal(Enumerable.Range(0, days).Select(i => timestamps[0] + (i * 86_400L)), timestamps);
    }

    [Fact]
    public async Task Head_OfALedgerAnswer_HasTheHeadersAndNoBody()
    {
        await using var rig = await BillingRig.StartAsync(("Billing:Source", "Ledger"));
        var whole = await rig.Billing.GetAsync(Usage);

        var head = await rig.Billing.SendAsync(HttpMethod.Head, Usage, Keys.Secret, default);

        Assert.Equal((whole.Headers["Content-Length"], "ledger"), (head.Headers["Content-Length"], head.Headers["x-openaiproxy-source"]));
        Assert.Empty(head.Body);
    }

    private static async Task<BillingRig> RefusingAsync()
    {
        var rig = await BillingRig.StartAsync();
        rig.Upstream.AnswerWith(403, SessionKeyTests.Refusal);
        return rig;
    }
}
