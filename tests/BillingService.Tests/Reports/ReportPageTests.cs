using System.Net;
using System.Text.Json;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Reports;

/// <summary>A report in pages says where it is cut, and the pages together are the report.</summary>
public sealed class ReportPageTests : IAsyncLifetime
{
    private BillingRig _rig = null!;

    public async ValueTask InitializeAsync()
    {
        _rig = await BillingRig.StartAsync();
        await _rig.Billing.ReportAsync(
        [
            .. from day in (string[])["2026-03-14", "2026-03-15"]
               from model in (string[])["a", "b", "\uE000", "\U0001F600", "Z", ""]
               select Used.Tokens(day, 1, model: model) with { Duration = new() { [20] = 1 }, FirstToken = new() { [LatencyBuckets.Last] = 1 } },
        ]);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("day,model", 12)]
    [InlineData("model", 6)]
    [InlineData("day", 2)]
    [InlineData("day,model,endpoint,key", 12)]
    public async Task Pages_Together_AreTheReport(string groupBy, int count)
    {
        var all = (await _rig.Billing.GetAsync($"/billing/usage?group_by={groupBy}")).Json;
        Assert.Equal(count, all.GetProperty("rows").GetArrayLength());
        Assert.False(all.GetProperty("has_more").GetBoolean());
        Assert.Equal(JsonValueKind.Null, all.GetProperty("next").ValueKind);
        Assert.All(all.GetProperty("rows").EnumerateArray(), row => Assert.NotEqual(JsonValueKind.Null, row.GetProperty("duration_ms").ValueKind));

        for (var limit = 1; limit <= count; limit++)
        {
            var rows = new List<string>();
            string? after = null;
            do
            {
                var answer = await _rig.Billing.GetAsync($"/billing/usage?group_by={groupBy}&limit={limit}{(after is null ? "" : $"&after={after}")}");
                Assert.InRange(answer.Json.GetProperty("rows").GetArrayLength(), 1, limit);
                rows.AddRange(answer.Json.GetProperty("rows").EnumerateArray().Select(r => r.GetRawText()));
                Assert.Equal(all.GetProperty("total").GetRawText(), answer.Json.GetProperty("total").GetRawText());
                after = answer.Json.GetProperty("next").GetString();
                Assert.Equal(after is not null, answer.Json.GetProperty("has_more").GetBoolean());
                Assert.Equal(after, answer.Headers.GetValueOrDefault("x-openaiproxy-next"));
            }
            while (after is not null);

            Assert.Equal(all.GetProperty("rows").EnumerateArray().Select(r => r.GetRawText()), rows);
        }
    }

    [Fact]
    public async Task Csv_InPages_SaysWhereItIsCut()
    {
        var first = await _rig.Billing.GetAsync("/billing/usage?format=csv&limit=7");
        var second = await _rig.Billing.GetAsync($"/billing/usage?format=csv&limit=7&after={first.Headers["x-openaiproxy-next"]}");

        Assert.Equal((1 + 7 + 1, 1 + 5 + 1), (first.Text.Split("\r\n").Length, second.Text.Split("\r\n").Length));
        Assert.False(second.Headers.ContainsKey("x-openaiproxy-next"));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=10001", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("after=x", "after")]
    [InlineData("after=W10", "after")]
    [InlineData("after=WyIyMDI2LTAzLTE1IixudWxsLG51bGwsbnVsbF0", "after")]
    [InlineData("after=WyJ5ZXN0ZXJkYXkiLCJhIixudWxsLG51bGxd", "after")]
    public async Task Parameter_ThatIsWrong_Is400(string query, string param)
    {
        var answer = await _rig.Billing.GetAsync($"/billing/usage?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(param, answer.Json.GetProperty("error").GetProperty("param").GetString());
    }

    [Fact]
    public async Task Head_HasNoBody()
        => Assert.Empty((await _rig.Billing.SendAsync(HttpMethod.Head, "/billing/usage", Keys.Secret, default)).Body);
}
