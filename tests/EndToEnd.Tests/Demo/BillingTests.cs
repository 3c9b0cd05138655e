using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace OpenAIProxy.EndToEnd.Tests.Demo;

/// <summary>What a key has cost, asked as the clients ask that people have.</summary>
public sealed class BillingTests(DemoApp demo)
{
    [Fact]
    public async Task CreditGrants_AskedTwice_AreAHitInRedisUnderANameWithoutTheKey()
    {
        var key = DemoApp.NewKey();
        var redis = new Redis(demo.App);
        var namesBefore = await redis.NamesAsync();

        using var first = await AskAsync("/billing/credit_grants", key);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("miss", Header(first, "x-openaiproxy-cache"));
        var names = (await redis.NamesAsync()).Except(namesBefore).ToArray();
        var hitsBefore = await redis.HitsAsync();

        using var second = await AskAsync("/billing/credit_grants", key);
        Assert.Equal("hit", Header(second, "x-openaiproxy-cache"));
        Assert.True(second.Headers.Age is not null);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.True(await redis.HitsAsync() > hitsBefore);

        Assert.NotEmpty(names);
        foreach (var name in names)
        {
            Assert.DoesNotContain(key, name, StringComparison.Ordinal);
            Assert.DoesNotContain(key, await redis.AskAsync("GET", name), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task CreditGrants_OfAKey_SayWhatWasUsedOfWhat()
    {
        using var answer = await AskAsync("/billing/credit_grants?start_date=2023-01-01&end_date=2023-05-01", DemoApp.NewKey());
        var json = await JsonAsync(answer);

        var used = json.GetProperty("total_used").GetDecimal();
        Assert.Equal("2023-01-01", json.GetProperty("start_date").GetString());
        Assert.Equal("2023-05-01", json.GetProperty("end_date").GetString());
        Assert.Equal(used, json.GetProperty("list_used").EnumerateArray().Sum(window => window.GetProperty("used").GetDecimal()));
        Assert.True(json.GetProperty("list_used").GetArrayLength() > 1);
        Assert.Equal(json.GetProperty("total_granted").GetDecimal() - used, json.GetProperty("total_available").GetDecimal());
    }

    [Fact]
    public async Task UsageAndSubscription_AskedAsNextChatDoes_GiveItTheNumbersItShows()
    {
        var key = DemoApp.NewKey();
        var today = DateTime.Today;
        var first = Day(new DateTime(today.Year, today.Month, 1));
        // It asks for both at once, and shows neither if one of them fails.
        var answers = await Task.WhenAll(
            AskAsync($"/dashboard/billing/usage?start_date={first}&end_date={Day(today.AddDays(1))}", key),
            AskAsync("/dashboard/billing/subscription", key));
        using var usage = answers[0];
        using var subscription = answers[1];

        var used = await JsonAsync(usage);
        Assert.False(used.TryGetProperty("error", out _));
        Assert.True(used.GetProperty("total_usage").GetDecimal() > 0);
        Assert.Equal(today.Day, used.GetProperty("daily_costs").GetArrayLength());
        Assert.True((await JsonAsync(subscription)).GetProperty("hard_limit_usd").GetDecimal() > 0);
    }

    [Fact]
    public async Task Usage_AskedAsChatGptWebDoes_GivesItTheMonthsTotal()
    {
        var today = DateTime.Today;
        var last = DateTime.DaysInMonth(today.Year, today.Month);
        using var answer = await AskAsync(
            $"/v1/dashboard/billing/usage?start_date={Day(new DateTime(today.Year, today.Month, 1))}&end_date={Day(new DateTime(today.Year, today.Month, last))}",
            DemoApp.NewKey());

        Assert.True((await JsonAsync(answer)).GetProperty("total_usage").GetDecimal() > 0);
    }

    [Fact]
    public async Task CreditGrants_OfASessionKey_AreUpstreamsOwnWithTheFieldsThatBalanceCheckersRead()
    {
        using var answer = await AskAsync("/dashboard/billing/credit_grants", $"sess-e2e-{Guid.NewGuid():N}");
        var json = await JsonAsync(answer);

        Assert.Equal(JsonValueKind.Number, json.GetProperty("total_available").ValueKind);
        Assert.Equal(JsonValueKind.Number, json.GetProperty("grants").GetProperty("data")[0].GetProperty("expires_at").ValueKind);
    }

    private static string Day(DateTime date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    private async Task<HttpResponseMessage> AskAsync(string target, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await demo.Client.SendAsync(request);
    }
}
