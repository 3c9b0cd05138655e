using System.Net;
using System.Text.Json;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Reports;

/// <summary><c>GET /billing/usage</c>: one's own usage, the admin's view of all.</summary>
public sealed class ReportTests : IAsyncLifetime
{
    private const string AdminToken = "admin-T3BlbkFJ-sees-everything";

    private static readonly string Own = KeyId.Of(Keys.Secret).Value;
    private static readonly string AccessKey = KeyId.Of("fk-team-alpha").Value;

    private BillingRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await BillingRig.StartAsync(("Billing:AdminToken", AdminToken));

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("/billing/usage")]
    [InlineData("/v1/billing/usage")]
    public async Task Report_ByDefault_IsThirtyDaysByDayAndModel(string path)
    {
        await _rig.Billing.ReportAsync(
            Used.Tokens("2026-02-13", 5), Used.Tokens("2026-02-14", 1_000_000, 100_000, requests: 3, errors: 1),
            Used.Tokens("2026-03-15", 2_000_000, model: "gpt-4o-mini"), Used.Tokens("2026-03-15", 7, key: AccessKey));

        var answer = await _rig.Billing.GetAsync(path);

        Assert.Equal(("ledger", "miss", "0"), (answer.Headers["x-openaiproxy-source"], answer.Cache, answer.Age));
        Assert.Equal("usage_report", answer.Json.GetProperty("object").GetString());
        Assert.Equal(("2026-02-14", "2026-03-15"), (Text(answer.Json, "start_date"), Text(answer.Json, "end_date")));
        Assert.Equal("""["day","model"]""", answer.Json.GetProperty("group_by").GetRawText());
        var rows = answer.Json.GetProperty("rows").EnumerateArray().ToArray();
        Assert.Equal([("2026-02-14", "gpt-4o"), ("2026-03-15", "gpt-4o-mini")], rows.Select(r => (Text(r, "day"), Text(r, "model"))));
        Assert.Equal("3.5", rows[0].GetProperty("cost_usd").GetRawText());
        Assert.Equal("3", rows[0].GetProperty("requests").GetRawText());
        Assert.Equal("1", rows[0].GetProperty("errors").GetRawText());
        Assert.Equal("1100000", rows[0].GetProperty("total_tokens").GetRawText());
        Assert.False(rows[0].TryGetProperty("key", out _));
        Assert.Equal("3.8", answer.Json.GetProperty("total").GetProperty("cost_usd").GetRawText());
        Assert.Empty(_rig.Upstream.Calls);
    }

    [Fact]
    public async Task Report_ByKey_IsTheCallersOwnAndTheAdminsOfAll()
    {
        await _rig.Billing.ReportAsync(Used.Tokens("2026-03-15", 1_000_000), Used.Tokens("2026-03-15", 400_000, key: AccessKey, endpoint: "responses"));
        const string Target = "/billing/usage?group_by=key,endpoint";

        var own = await _rig.Billing.GetAsync(Target);
        var known = await _rig.Billing.GetForAsync(Target, AccessKey);
        var all = await _rig.Billing.GetAsync(Target, AdminToken);

        Assert.Equal([(Own, "chat", "2.5")], Keyed(own));
        Assert.Equal([(AccessKey, "responses", "1")], Keyed(known));
        Assert.Equal([(Own, "chat", "2.5"), (AccessKey, "responses", "1")], Keyed(all));
        Assert.Equal("3.5", all.Json.GetProperty("total").GetProperty("cost_usd").GetRawText());
    }

    [Fact]
    public async Task Report_ByEndUser_KeepsThemApartBelowTheKeysThatMaySeeThem()
    {
        await _rig.Billing.ReportAsync(
            Used.Tokens("2026-03-15", 1_000_000, endUser: "bob"), Used.Tokens("2026-03-14", 1_000_000, endUser: "bob"),
            Used.Tokens("2026-03-15", 400_000), Used.Tokens("2026-03-15", 2_000_000, endUser: "ann"),
            Used.Tokens("2026-03-15", 4_000_000, key: AccessKey, endUser: "ann"));
        const string Target = "/billing/usage?group_by=end_user";

        var own = await _rig.Billing.GetAsync(Target);
        var all = await _rig.Billing.GetAsync("/billing/usage?group_by=end_user,key", AdminToken);
        var together = await _rig.Billing.GetAsync(Target, AdminToken);
        var notApart = await _rig.Billing.GetAsync("/billing/usage?group_by=model", AdminToken);
        var csv = await _rig.Billing.GetAsync("/billing/usage?group_by=key,end_user&format=csv");

        Assert.Equal([("", "1"), ("ann", "5"), ("bob", "5")], EndUsers(own));
        Assert.Equal(
            [(AccessKey, "ann", "10"), (Own, "", "1"), (Own, "ann", "5"), (Own, "bob", "5")],
            all.Json.GetProperty("rows").EnumerateArray().Select(r => (Text(r, "key"), Text(r, "end_user"), r.GetProperty("cost_usd").GetRawText())));
        Assert.Equal([("", "1"), ("ann", "15"), ("bob", "5")], EndUsers(together));
        Assert.Equal("21", Assert.Single(notApart.Json.GetProperty("rows").EnumerateArray()).GetProperty("cost_usd").GetRawText());
        Assert.Equal("21", together.Json.GetProperty("total").GetProperty("cost_usd").GetRawText());
        Assert.StartsWith("key,end_user,key_name,requests,", csv.Text, StringComparison.Ordinal);
        Assert.Contains($"{Own},ann,,1,", csv.Text, StringComparison.Ordinal);

        static IEnumerable<(string, string)> EndUsers(Answer answer)
            => answer.Json.GetProperty("rows").EnumerateArray().Select(r => (Text(r, "end_user")!, r.GetProperty("cost_usd").GetRawText()));
    }

    [Fact]
    public async Task Report_ByEndUserInPages_GoesOnBehindTheLastOne()
    {
        await _rig.Billing.ReportAsync(Used.Tokens("2026-03-15", 1, endUser: "ann"), Used.Tokens("2026-03-15", 1, endUser: "bob"));

        var first = await _rig.Billing.GetAsync("/billing/usage?group_by=end_user&limit=1");
        var second = await _rig.Billing.GetAsync($"/billing/usage?group_by=end_user&limit=1&after={Text(first.Json, "next")}");

        Assert.Equal("ann", Text(Assert.Single(first.Json.GetProperty("rows").EnumerateArray()), "end_user"));
        Assert.Equal("bob", Text(Assert.Single(second.Json.GetProperty("rows").EnumerateArray()), "end_user"));
    }

    [Fact]
    public async Task Report_OfUsageWithoutAPrice_HasNoCost()
    {
        await _rig.Billing.ReportAsync(
            Used.Tokens("2026-03-15", 10, model: Used.Unpriced, requests: 2), Used.Tokens("2026-03-15", 400_000, estimated: true),
            Used.Of(UsageUnit.Free, 0, "2026-03-15", Used.Unpriced));

        var rows = (await _rig.Billing.GetAsync("/billing/usage?group_by=model")).Json;

        var unpriced = rows.GetProperty("rows")[1];
        Assert.Equal(JsonValueKind.Null, unpriced.GetProperty("cost_usd").ValueKind);
        Assert.True(unpriced.GetProperty("unpriced").GetBoolean());
        Assert.Equal(("3", "2"), (unpriced.GetProperty("requests").GetRawText(), unpriced.GetProperty("unpriced_requests").GetRawText()));
        var total = rows.GetProperty("total");
        Assert.Equal(("1", "1", "1"), (total.GetProperty("cost_usd").GetRawText(), total.GetProperty("estimated_cost_usd").GetRawText(),
            total.GetProperty("estimated_requests").GetRawText()));
        Assert.True(total.GetProperty("unpriced").GetBoolean());
    }

    [Fact]
    public async Task Report_OfATierThatNoPriceHas_IsTheDefaultPriceAndEstimated()
    {
        var other = Used.Tokens("2026-03-15", 1_000_000, requests: 2);
        await _rig.Billing.ReportAsync(other with { What = other.What with { Tier = "on_demand" } }, Used.Tokens("2026-03-15", 400_000));

        var total = (await _rig.Billing.GetAsync("/billing/usage")).Json.GetProperty("total");

        Assert.Equal(("3.5", "2.5", "2"), (total.GetProperty("cost_usd").GetRawText(), total.GetProperty("estimated_cost_usd").GetRawText(),
            total.GetProperty("estimated_requests").GetRawText()));
        Assert.False(total.GetProperty("unpriced").GetBoolean());
    }

    [Fact]
    public async Task Report_AtAnEarlierDate_HasTheEarlierPrice()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """
            {"prices":[
              {"model":"own-model","kind":"chat","tokens":{"default":{"input":1,"output":1}}},
              {"model":"own-model","kind":"chat","from":"2026-03-10","tokens":{"default":{"input":3,"output":3}}}]}
            """);
        await using var rig = await BillingRig.StartAsync(("Pricing:File", file));
        await rig.Billing.ReportAsync(Used.Tokens("2026-03-09", 1_000_000, model: "own-model"), Used.Tokens("2026-03-10", 1_000_000, model: "own-model"));

        var report = await rig.Billing.GetAsync("/billing/usage?group_by=day");

        Assert.Equal(["1", "3"], report.Json.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("cost_usd").GetRawText()));
        File.Delete(file);
    }

    [Fact]
    public async Task Report_HasQuantilesOfMergedHistograms()
    {
        var slow = LatencyBuckets.Of(1000);
        await _rig.Billing.ReportAsync(
            Used.Tokens("2026-03-14", 1, requests: 90) with { Duration = new() { [LatencyBuckets.Of(100)] = 90 }, FirstToken = new() { [0] = 90 } },
            Used.Tokens("2026-03-15", 1, requests: 10) with { Duration = new() { [slow] = 10 }, FirstToken = new() { [0] = 10 } });

        var answer = await _rig.Billing.GetAsync("/billing/usage?group_by=model");

        var times = answer.Json.GetProperty("rows")[0].GetProperty("duration_ms");
        Assert.InRange(times.GetProperty("p50").GetDouble(), 90, 110);
        Assert.InRange(times.GetProperty("p95").GetDouble(), 900, 1100);
        Assert.Equal("""{"p50":0.5,"p95":0.5}""", answer.Json.GetProperty("total").GetProperty("time_to_first_token_ms").GetRawText());
    }

    [Fact]
    public async Task Report_HasOtherUnitsThanTokens()
    {
        await _rig.Billing.ReportAsync(
            Used.Of(UsageUnit.Milliseconds, 1500, "2026-03-15", "whisper-1"), Used.Of(UsageUnit.Characters, 7, "2026-03-15", "tts-1"),
            Used.Of(UsageUnit.Image + "standard 1024x1024", 2, "2026-03-15", "dall-e-3"), Used.Of(UsageUnit.Tool + "web_search", 3, "2026-03-15"));

        var total = (await _rig.Billing.GetAsync("/billing/usage")).Json.GetProperty("total");

        Assert.Equal(["1.5", "7", "2", "3"],
            ((string[])["audio_seconds", "characters", "images", "tool_calls"]).Select(name => total.GetProperty(name).GetRawText()));
    }

    [Fact]
    public async Task Report_OfAKeyWithoutUsage_IsEmpty()
    {
        var answer = await _rig.Billing.GetAsync("/billing/usage", Keys.Other);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("[]", answer.Json.GetProperty("rows").GetRawText());
        Assert.Equal("0", answer.Json.GetProperty("total").GetProperty("cost_usd").GetRawText());
        Assert.Equal(JsonValueKind.Null, answer.Json.GetProperty("total").GetProperty("duration_ms").ValueKind);
    }

    [Fact]
    public async Task Csv_IsQuotedAndHarmlessToSheets()
    {
        await _rig.Billing.ReportAsync(
            Used.Tokens("2026-03-15", 1_000_000), Used.Tokens("2026-03-15", 10, model: "=1+1"), Used.Tokens("2026-03-15", 10, model: "a,\"b\""),
            Used.Tokens("2026-03-15", 10, model: "@x\r\ny"));

        var answer = await _rig.Billing.GetAsync("/billing/usage?format=csv&start_date=2026-03-15");
        var lines = answer.Text.Split("\r\n");

        Assert.Equal("text/csv; charset=utf-8", answer.Headers["Content-Type"]);
        Assert.Equal("attachment; filename=\"usage_2026-03-15_2026-03-15.csv\"", answer.Headers["Content-Disposition"]);
        Assert.StartsWith("day,model,requests,errors,", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(",cost_usd,estimated_cost_usd,unpriced,duration_p50_ms,duration_p95_ms,time_to_first_token_p50_ms,time_to_first_token_p95_ms",
            lines[0], StringComparison.Ordinal);
        Assert.Contains("\r\n2026-03-15,'=1+1,1,0,", answer.Text, StringComparison.Ordinal);
        Assert.Contains("\r\n2026-03-15,\"a,\"\"b\"\"\",1,0,", answer.Text, StringComparison.Ordinal);
        Assert.Contains("\r\n2026-03-15,\"'@x\r\ny\",1,0,", answer.Text, StringComparison.Ordinal);
        var priced = Assert.Single(lines, line => line.StartsWith("2026-03-15,gpt-4o,", StringComparison.Ordinal)).Split(',');
        Assert.Equal(lines[0].Split(',').Length, priced.Length);
        Assert.Equal("2.5", priced[Array.IndexOf(lines[0].Split(','), "cost_usd")]);
        Assert.EndsWith(",,0,true,,,,", Assert.Single(lines, line => line.Contains("'=1+1", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal("", lines[^1]);
    }

    [Theory]
    [InlineData("group_by=day,hour", "group_by", "day, model, endpoint, key")]
    [InlineData("group_by=1", "group_by", "day, model, endpoint, key")]
    [InlineData("format=xml", "format", "json, csv or focus")]
    [InlineData("format=json&format=csv", "format", "json, csv or focus")]
    [InlineData("start_date=yesterday", "start_date", "YYYY-MM-DD")]
    [InlineData("start_date=2026-03-02&end_date=2026-03-01", "end_date", "after start_date")]
    [InlineData("start_date=2015-03-02", "end_date", "5 years")]
    [InlineData("groupby=day", "groupby", "start_date, end_date, group_by, format")]
    public async Task Parameter_ThatIsWrong_Is400AndNamed(string query, string param, string words)
    {
        var answer = await _rig.Billing.GetAsync($"/billing/usage?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(param, answer.Json.GetProperty("error").GetProperty("param").GetString());
        Assert.Contains(words, answer.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_WithoutACredential_Is401()
        => Assert.Equal((HttpStatusCode.Unauthorized, "missing_api_key"), await StatusAsync(null));

    [Fact]
    public async Task Report_WithHead_HasTheHeadersAndNoBody()
    {
        var head = await _rig.Billing.SendAsync(HttpMethod.Head, "/billing/usage?format=csv", Keys.Secret, default);

        Assert.Equal((HttpStatusCode.OK, "text/csv; charset=utf-8"), (head.Status, head.Headers["Content-Type"]));
        Assert.Empty(head.Body);
    }

    private async Task<(HttpStatusCode, string?)> StatusAsync(string? key)
    {
        var answer = await _rig.Billing.GetAsync("/billing/usage", key);
        return (answer.Status, answer.Error.Code);
    }

    private static IEnumerable<(string Key, string Endpoint, string Cost)> Keyed(Answer answer)
        => answer.Json.GetProperty("rows").EnumerateArray()
            .Select(r => (Text(r, "key"), Text(r, "endpoint"), r.GetProperty("cost_usd").GetRawText()));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
