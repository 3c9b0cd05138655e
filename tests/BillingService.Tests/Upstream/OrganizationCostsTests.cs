using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace OpenAIProxy.BillingService.Tests.Upstream;

/// <summary>Admin keys: the organization's costs, in the shapes of the old routes.</summary>
public sealed class OrganizationCostsTests
{
    [Fact]
    public async Task Usage_OfAnAdminKey_SumsAllPagesInCents()
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.Instead = Pages("0.1", "0.2");

        var answer = await rig.Billing.GetAsync("/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-06", Keys.Admin);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("150", answer.Number("total_usage"));
        var days = answer.Json.GetProperty("daily_costs").EnumerateArray().ToArray();
        Assert.Equal(Enumerable.Range(0, 5).Select(i => 1772323200 + (i * 86_400L)), days.Select(d => d.GetProperty("timestamp").GetInt64()));
        Assert.All(days, day => Assert.Equal(
            """[{"name":"gpt-5, input","cost":10},{"name":"gpt-5, output","cost":20}]""", day.GetProperty("line_items").GetRawText()));
        Assert.Equal(3, rig.Upstream.Calls.Count);
        Assert.All(rig.Upstream.Calls, call =>
        {
            Assert.Equal("/v1/organization/costs", call.Path);
            Assert.Equal($"Bearer {Keys.Admin}", call.Key);
            Assert.StartsWith("?start_time=1772323200&end_time=1772755200&bucket_width=1d&group_by=line_item&limit=5", call.Query, StringComparison.Ordinal);
        });
        Assert.Equal(["", "&page=page%2F2", "&page=page%2F4"],
            rig.Upstream.Calls.Select(c => c.Query[c.Query.IndexOf("limit=5", StringComparison.Ordinal)..][7..]));
    }

    [Fact]
    public async Task CreditGrants_OfAnAdminKey_AreSummedOverWindowsWithoutALimit()
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.Instead = Pages("0.1", "\"0.2000000000000000000000\"");

        var answer = await rig.Billing.GetAsync("/billing/credit_grants", Keys.Admin);

        Assert.Equal("27.3", answer.Number("total_used"));
        Assert.Equal("100000000", answer.Number("total_granted"));
        Assert.Equal(91 * 0.3m, answer.Json.GetProperty("list_used").EnumerateArray().Sum(w => w.GetProperty("used").GetDecimal()));
        Assert.DoesNotContain(rig.Upstream.Calls, call => call.Path != "/v1/organization/costs");
    }

    [Fact]
    public async Task Subscription_OfAnAdminKey_IsReadableByClientsAndOnlyForAGoodKey()
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.Instead = Pages("1");

        var good = await rig.Billing.GetAsync("/dashboard/billing/subscription", Keys.Admin);
        rig.Upstream.AnswerWith(401, "{}");
        var bad = await rig.Billing.GetAsync("/dashboard/billing/subscription", Keys.Admin + "x");

        Assert.Equal("billing_subscription", good.Json.GetProperty("object").GetString());
        Assert.Equal("100000000", good.Number("hard_limit_usd"));
        Assert.Equal("100000000", good.Number("system_hard_limit_usd"));
        Assert.True(good.Json.GetProperty("access_until").GetInt64() > 0);
        Assert.Equal(HttpStatusCode.Unauthorized, bad.Status);
    }

    [Theory]
    [InlineData("""{"object":"page","data":[{"start_time":1,"results":[{"amount":{"value":1,"currency":"eur"}}]}],"has_more":false}""")]
    [InlineData("""{"object":"page","data":[{"start_time":1,"results":[{"amount":{"currency":"usd"}}]}],"has_more":false}""")]
    [InlineData("""{"object":"page","data":[{"start_time":1,"results":[{}]}],"has_more":false}""")]
    [InlineData("""{"object":"page","data":[{"results":[]}],"has_more":false}""")]
    [InlineData("""{"object":"page","data":[1],"has_more":false}""")]
    [InlineData("""{"object":"page","has_more":false}""")]
    [InlineData("""{"object":"page","data":[],"has_more":true,"next_page":null}""")]
    [InlineData("""{"object":"page","data":[],"has_more":true,"next_page":"forever"}""")]
    public async Task Page_ThatCanNotBeRead_Is502(string page)
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.AnswerWith(200, page);

        var answer = await rig.Billing.GetAsync("/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-06", Keys.Admin);

        Assert.Equal(HttpStatusCode.BadGateway, answer.Status);
        Assert.Equal("upstream_invalid_response", answer.Error.Code);
        Assert.InRange(rig.Upstream.Calls.Count, 1, 20);
    }

    [Fact]
    public async Task Page_ThatFailsInTheMiddle_FailsTheQuery()
    {
        await using var rig = await BillingRig.StartAsync();
        var pages = Pages("1");
        rig.Upstream.Instead = async context =>
        {
            if (!context.Request.Query.ContainsKey("page"))
            {
                return await pages(context);
            }

            context.Response.StatusCode = 429;
            return true;
        };

        var answer = await rig.Billing.GetAsync("/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-06", Keys.Admin);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
    }

    // Two days on a page; every day has an item of each of these costs, in dollars.
    private static Func<HttpContext, Task<bool>> Pages(params string[] dollars) => async context =>
    {
        var query = context.Request.Query;
        var start = long.Parse(query["start_time"].ToString(), CultureInfo.InvariantCulture);
        var days = (int)((long.Parse(query["end_time"].ToString(), CultureInfo.InvariantCulture) - start) / 86_400);
        var first = query["page"] is [{ } page] ? int.Parse(page["page/".Length..], CultureInfo.InvariantCulture) : 0;
        var names = (string[])["gpt-5, input", "gpt-5, output"];
        var results = dollars.Select((d, i) =>
            $$"""{"object":"organization.costs.result","amount":{"value":{{d}},"currency":"usd"},"line_item":"{{names[i]}}","project_id":null}""");
        var buckets = Enumerable.Range(first, Math.Min(2, days - first)).Select(day =>
            $$"""{"object":"bucket","start_time":{{start + (day * 86_400L)}},"end_time":{{start + ((day + 1) * 86_400L)}},"results":[{{string.Join(",", results)}}]}""");
        var more = first + 2 < days;
        await context.Response.WriteAsync(
            $$"""{"object":"page","has_more":{{(more ? "true" : "false")}},"next_page":{{(more ? $"\"page/{first + 2}\"" : "null")}},"data":[{{string.Join(",", buckets)}}]}""");
        return true;
    };
}
