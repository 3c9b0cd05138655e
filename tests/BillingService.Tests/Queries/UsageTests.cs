using System.Net;

namespace OpenAIProxy.BillingService.Tests.Queries;

public sealed class UsageTests
{
    [Theory]
    [InlineData("/dashboard/billing/usage")]
    [InlineData("/v1/dashboard/billing/usage")]
    public async Task Usage_OfOneWindow_IsUpstreamsOwnByteForByte(string path)
    {
        await using var rig = await BillingRig.StartAsync();

        var answer = await rig.Billing.GetAsync($"{path}?end_date=2026-03-03&start_date=2026-03-01");

        Assert.Equal(
            """{"object":"list", "daily_costs":[{"timestamp":1772323200.0,"line_items":[{"name":"GPT-4","cost":10}]},"""
            + """{"timestamp":1772409600.0,"line_items":[{"name":"GPT-4","cost":10}]}],"total_usage":20}""",
            answer.Text);
        Assert.Equal("?start_date=2026-03-01&end_date=2026-03-03", Assert.Single(rig.Upstream.Calls).Query);
    }

    [Fact]
    public async Task Usage_OfNinetyDays_IsOneCall()
    {
        await using var rig = await BillingRig.StartAsync();

        await rig.Billing.GetAsync("/dashboard/billing/usage?start_date=2025-11-01&end_date=2026-01-30");

        Assert.Single(rig.Upstream.Calls);
    }

    [Fact]
    public async Task Usage_OfManyWindows_HasEveryDayOnceInOrderAndTheSum()
    {
        await using var rig = await BillingRig.StartAsync();

        var answer = await rig.Billing.GetAsync("/dashboard/billing/usage?start_date=2025-01-01&end_date=2026-01-01");

        Assert.Equal("list", answer.Json.GetProperty("object").GetString());
        var days = answer.Json.GetProperty("daily_costs").EnumerateArray().Select(d => d.GetProperty("timestamp").GetDecimal()).ToArray();
        var first = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        Assert.Equal(Enumerable.Range(0, 365).Select(i => first + (i * 86_400m)), days);
        Assert.Equal("3650", answer.Number("total_usage"));
        Assert.Contains("\"timestamp\":1735689600.0,", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_FromTodayToTomorrow_IsAnswered()
    {
        await using var rig = await BillingRig.StartAsync();

        var answer = await rig.Billing.GetAsync("/dashboard/billing/usage?start_date=2026-03-15&end_date=2026-03-16");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("10", answer.Number("total_usage"));
    }

    [Fact]
    public async Task Usage_WithHead_HasTheHeadersAndNoBody()
    {
        await using var rig = await BillingRig.StartAsync();
        const string Target = "/dashboard/billing/usage?start_date=2026-03-15&end_date=2026-03-16";
        var whole = await rig.Billing.GetAsync(Target);

        var head = await rig.Billing.SendAsync(HttpMethod.Head, Target, Keys.Secret, default);

        Assert.Equal(HttpStatusCode.OK, head.Status);
        Assert.Equal(whole.Headers["Content-Length"], head.Headers["Content-Length"]);
        Assert.Empty(head.Body);
    }
}
