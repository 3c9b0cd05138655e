using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpenAIProxy.Simulator.Billing;

namespace OpenAIProxy.BillingService.Tests;

/// <summary>What well-known clients ask for through the gateway, read as they read it: no checks, numbers as numbers.</summary>
public sealed class ClientsTests : IAsyncLifetime
{
    private readonly SimulatorRig _rig = new();
    private GatewayHost _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        await _rig.InitializeAsync();
        _gateway = await GatewayHost.StartAsync(
            _rig.Simulator.Address,
            ("services:billing:http:0", _rig.Billing.Address.ToString()), ("OpenAI:ApiKey", Keys.Operator));
    }

    [Fact]
    public async Task NextChat_ReadsUsageAndLimitOfTheMonth()
    {
        // Both in parallel, without /v1: the first of the month to tomorrow.
        var usage = GetAsync("/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-16", Keys.Secret);
        var subscription = GetAsync("/dashboard/billing/subscription", Keys.Secret);
        var (used, limits) = (await usage, await subscription);

        Assert.False(used.TryGetProperty("error", out _));
        Assert.Equal(Math.Round(Cents(Keys.Secret, 15)) / 100, Math.Round(used.GetProperty("total_usage").GetDecimal()) / 100);
        Assert.Equal(120m, limits.GetProperty("hard_limit_usd").GetDecimal());
    }

    [Fact]
    public async Task NextChat_OnTheFirstOfAMonth_ReadsTodaysUsage()
    {
        var used = await GetAsync("/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-02", Keys.Secret);

        Assert.Equal(Cents(Keys.Secret, 1), used.GetProperty("total_usage").GetDecimal());
    }

    [Fact]
    public async Task NextChat_WithoutAKeyOfItsOwn_ReadsTheOperators()
    {
        var used = await GetAsync("/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-16", key: null);

        Assert.Equal(Cents(Keys.Operator, 15), used.GetProperty("total_usage").GetDecimal());
    }

    [Fact]
    public async Task NextChat_WithABadKey_ReadsAnErrorAndNotOk()
    {
        await using var upstream = await FakeBilling.StartAsync();
        upstream.AnswerWith(401, """{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}""");
        await using var billing = await BillingHost.StartAsync(upstream.Address);
        await using var gateway = await GatewayHost.StartAsync(upstream.Address, ("services:billing:http:0", billing.Address.ToString()));
        using var request = Request("/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-16", Keys.Secret);

        using var response = await gateway.Client.SendAsync(request).Guarded();

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_request_error", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task ChatGptWeb_ReadsUsageOfTheMonth()
    {
        // The whole month, whose end is in the future and whose last day is missing.
        var used = await GetAsync("/v1/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-31", Keys.Secret);

        Assert.Equal(Cents(Keys.Secret, 30), used.GetProperty("total_usage").GetDecimal());
    }

    [Theory]
    [InlineData(Keys.Secret, 120)]
    [InlineData(Keys.Admin, 100_000_000)]
    public async Task OneApi_ReadsTheBalanceOfAChannel(string key, int limit)
    {
        var subscription = await GetAsync("/v1/dashboard/billing/subscription", key);
        Assert.True(subscription.GetProperty("has_payment_method").GetBoolean());
        var usage = await GetAsync("/v1/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-15", key);

        var balance = subscription.GetProperty("hard_limit_usd").GetDecimal() - (usage.GetProperty("total_usage").GetDecimal() / 100);

        Assert.Equal(limit - (Cents(key, 14) / 100), balance);
    }

    [Theory]
    [InlineData(Keys.Secret)]
    [InlineData(Keys.Session)]
    [InlineData(Keys.Admin)]
    public async Task BalanceChecker_ReadsGrantsAndTheirEnd(string key)
    {
        var summary = await GetAsync("/dashboard/billing/credit_grants", key);

        var available = summary.GetProperty("total_granted").GetDecimal() - summary.GetProperty("total_used").GetDecimal();
        Assert.Equal(available, summary.GetProperty("total_available").GetDecimal());
        var end = summary.GetProperty("grants").GetProperty("data")[0].GetProperty("expires_at").GetDouble() * 1000;
        Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds((long)end).Year, 2027, 2200);
    }

    [Fact]
    public async Task Script_ReadsCostsByDayAndModel()
    {
        var used = await GetAsync("/dashboard/billing/usage?end_date=2026-03-16&start_date=2025-03-01", Keys.Secret);

        var sum = used.GetProperty("daily_costs").EnumerateArray()
            .SelectMany(day => day.GetProperty("line_items").EnumerateArray())
            .Sum(item => item.GetProperty("name").GetString()!.Length > 0 ? item.GetProperty("cost").GetDecimal() : 0);
        Assert.Equal(used.GetProperty("total_usage").GetDecimal(), sum);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _rig.DisposeAsync();
    }

    private async Task<JsonElement> GetAsync(string target, string? key)
    {
        using var request = Request(target, key);
        using var response = await _gateway.Client.SendAsync(request).Guarded();
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static HttpRequestMessage Request(string target, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, target);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", string.Create(CultureInfo.InvariantCulture, $"Bearer {key}"));
        }

        return request;
    }

    // What the first days of March 2026 have cost.
    private static decimal Cents(string key, int days)
        => Enumerable.Range(0, days).Sum(i => SimulatedBilling.CentsOn(new DateOnly(2026, 3, 1).AddDays(i), key));
}
