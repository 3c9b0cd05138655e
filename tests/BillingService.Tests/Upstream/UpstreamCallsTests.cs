using System.Diagnostics;
using System.Net;

namespace OpenAIProxy.BillingService.Tests.Upstream;

public sealed class UpstreamCallsTests
{
    private const string FiveYears = "/billing/credit_grants?start_date=2021-01-01&end_date=2025-12-31";

    [Fact]
    public async Task Calls_OfOneQuery_AreAtMostFourAtATime()
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.Hold();

        var query = rig.Billing.GetAsync(FiveYears);
        await HangGuard.Until(() => rig.Upstream.AtOnce == 4, "four calls are open");
        rig.Upstream.Release();
        var answer = await query.Guarded();

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(4, rig.Upstream.MostAtOnce);
        Assert.Equal(1 + answer.Json.GetProperty("list_used").GetArrayLength(), rig.Upstream.Calls.Count);
    }

    [Fact]
    public async Task Calls_AfterTheFirstFailure_AreGivenUp()
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.AnswerWith(401, "{}");

        var answer = await rig.Billing.GetAsync(FiveYears);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.InRange(rig.Upstream.Calls.Count, 1, 8);
    }

    [Fact]
    public async Task Call_CarriesTheCallersOrganizationAndProjectAndNothingElseOfTheCaller()
    {
        // Somebody traces everything in this process: there is a trace to send on.
        using var tracing = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(tracing);
        await using var rig = await BillingRig.StartAsync();

        await rig.Billing.GetAsync("/dashboard/billing/subscription", Keys.Secret,
            ("OpenAI-Organization", "org-1"), ("OpenAI-Project", "proj_1"), ("Cookie", "a=b"), ("X-Forwarded-For", "192.0.2.1"), ("X-Mine", "1"));

        var headers = Assert.Single(rig.Upstream.Calls).Headers;
        Assert.Equal("org-1", headers["OpenAI-Organization"]);
        Assert.Equal("proj_1", headers["OpenAI-Project"]);
        Assert.Equal(
            ["Accept", "Accept-Encoding", "Authorization", "Host", "OpenAI-Organization", "OpenAI-Project", "User-Agent"],
            headers.Keys.Order(StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Call_WhereTheTraceMayGoUpstream_IsInTheTraceOfTheQuery()
    {
        using var tracing = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(tracing);
        await using var rig = await BillingRig.StartAsync(("OpenAI:PropagateTrace", "true"));
        var trace = ActivityTraceId.CreateRandom();
        var query = ActivitySpanId.CreateRandom();

        await rig.Billing.GetAsync(
            "/dashboard/billing/subscription", Keys.Secret, ("traceparent", $"00-{trace}-{query}-01"), ("tracestate", "vendor=1"));

        var headers = Assert.Single(rig.Upstream.Calls).Headers;
        Assert.StartsWith($"00-{trace}-", headers["traceparent"], StringComparison.Ordinal);
        // The span of the call, not that of the query.
        Assert.DoesNotContain($"{query}", headers["traceparent"], StringComparison.Ordinal);
        Assert.Equal("vendor=1", headers["tracestate"]);
    }

    [Theory]
    [InlineData("OpenAI-Organization: org-1", "openai-organization: org-2")]
    [InlineData("OpenAI-Organization: org-\u00e9")]
    public async Task Organization_ThatCanNotBeSentOn_Is400(params string[] headers)
    {
        await using var rig = await BillingRig.StartAsync();

        var answer = await rig.Billing.GetRawAsync("/dashboard/billing/subscription", [$"Authorization: Bearer {Keys.Secret}", .. headers]);

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Equal("OpenAI-Organization", ErrorObject.Parse(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]).Param);
        Assert.Empty(rig.Upstream.Calls);
    }

    [Fact]
    public async Task Proxy_OfTheSettings_IsUsed()
    {
        await using var proxy = await FakeBilling.StartAsync();
        await using var billing = await BillingHost.StartAsync(
            new Uri("http://api.openai.test"), ("Billing:Proxy", $"http://user:pass%40word@{proxy.Address.Authority}"));

        var answer = await billing.GetAsync("/dashboard/billing/subscription");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("api.openai.test", Assert.Single(proxy.Calls).Headers["Host"]);
    }
}
