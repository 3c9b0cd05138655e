using System.Net;
using System.Text.Json;
using static OpenAIProxy.BillingService.Tests.ManualClock;

namespace OpenAIProxy.BillingService.Tests.Queries;

public sealed class CreditGrantsTests
{
    [Fact]
    public async Task CreditGrants_WithoutDates_CoverTheLastNinetyDaysAndToday()
    {
        await using var rig = await BillingRig.StartAsync();

        var answer = await rig.Billing.GetAsync("/billing/credit_grants");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("2025-12-15", answer.Json.GetProperty("start_date").GetString());
        Assert.Equal("2026-03-15", answer.Json.GetProperty("end_date").GetString());
        Assert.Equal(91, Today.DayNumber - new DateOnly(2025, 12, 15).DayNumber + 1);
        Assert.Equal("9.1", answer.Number("total_used"));
    }

    [Fact]
    public async Task CreditGrants_OfAKey_HaveTheSeedsShapeAndOpenAIs()
    {
        await using var rig = await BillingRig.StartAsync();

        var answer = await rig.Billing.GetAsync("/billing/credit_grants?start_date=2026-03-01&end_date=2026-03-02");

        Assert.Equal("application/json", answer.Headers["Content-Type"]);
        Assert.Equal(
            """
            {"object":"credit_summary","list_used":[{"start_date":"2026-03-01","end_date":"2026-03-02","used":0.2}],
            "total_used":0.2,"total_granted":120,"total_available":119.8,"start_date":"2026-03-01","end_date":"2026-03-02",
            "grants":{"object":"list","data":[{"object":"credit_grant","id":"limit","grant_amount":120,"used_amount":0.2,
            "effective_at":1772323200,"expires_at":1893456000}]},"source":"upstream"}
            """.ReplaceLineEndings(""),
            answer.Text);
    }

    [Fact]
    public async Task CreditGrants_OverAYear_AreSplitIntoTouchingWindowsOfAtMostNinetyDays()
    {
        await using var rig = await BillingRig.StartAsync();

        var answer = await rig.Billing.GetAsync("/billing/credit_grants?start_date=2025-01-01&end_date=2025-12-31");

        var next = new DateOnly(2025, 1, 1);
        foreach (var window in answer.Json.GetProperty("list_used").EnumerateArray())
        {
            var start = Day(window, "start_date");
            var end = Day(window, "end_date");
            Assert.Equal(next, start);
            Assert.InRange(end.DayNumber - start.DayNumber + 1, 1, 90);
            Assert.Equal((end.DayNumber - start.DayNumber + 1) * 0.1m, window.GetProperty("used").GetDecimal());
            next = end.AddDays(1);
        }

        Assert.Equal(new DateOnly(2026, 1, 1), next);
        Assert.Equal("36.5", answer.Number("total_used"));
        var asked = rig.Upstream.Calls.Where(c => c.Path.EndsWith("/usage", StringComparison.Ordinal)).Select(c => c.Query).ToArray();
        Assert.Equal(asked.Length, asked.Distinct().Count());
        Assert.Equal(answer.Json.GetProperty("list_used").GetArrayLength(), asked.Length);
    }

    [Fact]
    public async Task CreditGrants_OfOneDay_IncludeThatDay()
    {
        await using var rig = await BillingRig.StartAsync();

        var answer = await rig.Billing.GetAsync("/billing/credit_grants?start_date=2026-03-15&end_date=2026-03-15");

        Assert.Equal("0.1", answer.Number("total_used"));
        Assert.Contains(rig.Upstream.Calls, c => c.Query == "?start_date=2026-03-15&end_date=2026-03-16");
    }

    [Theory]
    [InlineData("/billing/credit_grants")]
    [InlineData("/v1/billing/credit_grants")]
    [InlineData("/dashboard/billing/credit_grants")]
    [InlineData("/v1/dashboard/billing/credit_grants?start_date=nonsense")]
    public async Task CreditGrants_OfASession_AreUpstreamsOwnByteForByte(string target)
    {
        await using var rig = await BillingRig.StartAsync();

        var answer = await rig.Billing.GetAsync(target, Keys.Session);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(FakeBilling.CreditGrantsBody, answer.Text);
        var call = Assert.Single(rig.Upstream.Calls);
        Assert.Equal("/dashboard/billing/credit_grants", call.Path);
        Assert.Equal($"Bearer {Keys.Session}", call.Key);
    }

    [Theory]
    [InlineData("""{"hard_limit_usd":7.2,"system_hard_limit_usd":9.5,"access_until":0}""", "9.5", 4102444800)]
    [InlineData("""{"hard_limit_usd":7.2,"access_until":null}""", "7.2", 4102444800)]
    [InlineData("""{"system_hard_limit_usd":100000000,"access_until":1893456000.5}""", "100000000", 1893456000)]
    public async Task CreditGrants_OfOtherSubscriptions_AlwaysHaveAGrantWithAnEnd(string subscription, string granted, long end)
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.AnswerRouteWith("/subscription", subscription);

        var answer = await rig.Billing.GetAsync("/billing/credit_grants?start_date=2026-03-01&end_date=2026-03-02");

        Assert.Equal(granted, answer.Number("total_granted"));
        var grant = Assert.Single(answer.Json.GetProperty("grants").GetProperty("data").EnumerateArray());
        Assert.Equal(end, grant.GetProperty("expires_at").GetInt64());
    }

    [Fact]
    public async Task CreditGrants_MoreUsedThanGranted_LeaveNothingAvailable()
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.CentsOf = _ => "13000";

        var answer = await rig.Billing.GetAsync("/billing/credit_grants?start_date=2026-03-01&end_date=2026-03-01");

        Assert.Equal("130", answer.Number("total_used"));
        Assert.Equal("0", answer.Number("total_available"));
    }

    [Fact]
    public async Task CreditGrants_WhereUpstreamIgnoresDates_CountItsTotalOnce()
    {
        await using var rig = await BillingRig.StartAsync();
        // As one-api: all that was ever used, whatever the dates.
        rig.Upstream.AnswerRouteWith("/usage", """{"object":"list","total_usage":250}""");

        var answer = await rig.Billing.GetAsync("/billing/credit_grants?start_date=2025-01-01&end_date=2025-12-31");

        Assert.Equal("2.5", answer.Number("total_used"));
        Assert.Equal("2.5", Assert.Single(answer.Json.GetProperty("list_used").EnumerateArray()).GetProperty("used").GetRawText());
    }

    private static DateOnly Day(JsonElement element, string name)
        => DateOnly.ParseExact(element.GetProperty(name).GetString()!, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
