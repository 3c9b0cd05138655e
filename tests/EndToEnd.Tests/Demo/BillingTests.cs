using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OpenAIProxy.Simulator.Billing;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Demo;

/// <summary>What a key has cost where upstream tells that, asked as the clients ask that people have.</summary>
public sealed class BillingTests(OpenBillingApp demo) : IClassFixture<OpenBillingApp>
{
    // Without dates "today" is asked for, which may be over before the second question.
    private const string Grants = "/billing/credit_grants?start_date=2023-01-01&end_date=2023-05-01";

    [Fact]
    public async Task CreditGrants_AskedTwice_AreAHitInRedisUnderANameWithoutTheKey()
    {
        var redis = new Redis(demo.App);
        // The service goes on without a Redis that is slow for once, and leaves it alone for a while.
        var (key, names, _) = await HangGuard.Until(
            () => AskTwiceAsync(redis), seen => seen is { Names.Length: > 0, Hits: > 0 }, "results are kept and found in Redis");

        foreach (var name in names)
        {
            Assert.DoesNotContain(key, name, StringComparison.Ordinal);
            Assert.DoesNotContain(key, await redis.AskAsync("GET", name), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task CreditGrants_OfAKey_SayWhatWasUsedOfWhat()
    {
        using var answer = await AskAsync(Grants, DemoApp.NewKey());
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
        var today = DateTime.Today;
        var first = new DateTime(today.Year, today.Month, 1);
        var key = NewKeyUsedOn(first);
        // It asks for both at once, and shows neither if one of them fails.
        var answers = await Task.WhenAll(
            AskAsync($"/dashboard/billing/usage?start_date={Day(first)}&end_date={Day(today.AddDays(1))}", key),
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
        var first = new DateTime(today.Year, today.Month, 1);
        var last = first.AddMonths(1).AddDays(-1);
        using var answer = await AskAsync(
            $"/v1/dashboard/billing/usage?start_date={Day(first)}&end_date={Day(last)}", NewKeyUsedOn(first));

        Assert.True((await JsonAsync(answer)).GetProperty("total_usage").GetDecimal() > 0);
    }

    // Days without any cost are simulated, too, and the first of a month may be all there is of it.
    private static string NewKeyUsedOn(DateTime day)
    {
        string key;
        do
        {
            key = DemoApp.NewKey();
        }
        while (SimulatedBilling.CentsOn(DateOnly.FromDateTime(day), key) == 0);
        return key;
    }

    private static string Day(DateTime date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    /// <summary>Asks twice with a new key. Returns it, the names that the first time left in Redis, and what the second time found there.</summary>
    private async Task<(string Key, string[] Names, long Hits)> AskTwiceAsync(Redis redis)
    {
        var key = DemoApp.NewKey();
        var namesBefore = await redis.NamesAsync();

        using var first = await AskAsync(Grants, key);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("miss", Header(first, "x-openaiproxy-cache"));
        var names = (await redis.NamesAsync()).Except(namesBefore).ToArray();
        var hitsBefore = await redis.HitsAsync();

        using var second = await AskAsync(Grants, key);
        Assert.Equal("hit", Header(second, "x-openaiproxy-cache"));
        Assert.True(second.Headers.Age is not null);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        return (key, names, await redis.HitsAsync() - hitsBefore);
    }

    private async Task<HttpResponseMessage> AskAsync(string target, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await demo.Client.SendAsync(request);
    }
}
