using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpenAIProxy.BillingService.Tests.Reports;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests;

/// <summary>What callers without an OpenAI key of their own are answered, through the gateway, where OpenAI answers no keys.</summary>
public sealed class AccessKeyTests : IAsyncLifetime
{
    private const string AccessKey = "fk-team-alpha";
    private const string OtherAccessKey = "fk-team-beta";
    private const string AdminToken = "admin-T3BlbkFJ-sees-everything";

    private SimulatorHost _simulator = null!;
    private BillingHost _billing = null!;
    private GatewayHost _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync(("Simulator:Billing", "SessionKey"));
        _billing = await BillingHost.StartAsync(_simulator.Address, ("Billing:AdminToken", AdminToken));
        _gateway = await StartAsync(("Access:Keys", $"{AccessKey} {OtherAccessKey}"));
        await _billing.ReportAsync(
            Used.Tokens("2026-03-02", 1_000_000, key: KeyId.Of(AccessKey).Value), Used.Tokens("2026-03-15", 0, 123_456, key: KeyId.Of(AccessKey).Value),
            Used.Tokens("2026-03-15", 4_000_000, key: KeyId.Of(OtherAccessKey).Value), Used.Tokens("2026-03-15", 2_000_000, key: UsageDimensions.Anonymous),
            Used.Tokens("2026-03-15", 400_000, key: KeyId.Of(Keys.Other).Value));
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _billing.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task NextChat_WithAnAccessKey_ReadsUsageAndLimit()
    {
        var usage = GetAsync(_gateway, "/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-16", AccessKey);
        var subscription = GetAsync(_gateway, "/dashboard/billing/subscription", AccessKey);

        Assert.Equal(3.73m, Math.Round((await usage).GetProperty("total_usage").GetDecimal()) / 100);
        Assert.Equal(100_000_000m, (await subscription).GetProperty("hard_limit_usd").GetDecimal());
    }

    [Fact]
    public async Task OneApi_WithAnAccessKey_ReadsTheBalance()
    {
        var subscription = await GetAsync(_gateway, "/v1/dashboard/billing/subscription", AccessKey);
        Assert.True(subscription.GetProperty("has_payment_method").GetBoolean());
        var usage = await GetAsync(_gateway, "/v1/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-15", AccessKey);

        Assert.Equal(99_999_997.5m, subscription.GetProperty("hard_limit_usd").GetDecimal() - (usage.GetProperty("total_usage").GetDecimal() / 100));
    }

    [Fact]
    public async Task Script_ReadsCostsByDayAndModel()
    {
        var usage = await GetAsync(_gateway, "/dashboard/billing/usage?end_date=2026-04-01&start_date=2026-03-01", AccessKey);

        var days = usage.GetProperty("daily_costs").EnumerateArray().ToArray();
        Assert.Equal(31, days.Length);
        Assert.Equal(usage.GetProperty("total_usage").GetDecimal(),
            days.SelectMany(day => day.GetProperty("line_items").EnumerateArray()).Sum(item => item.GetProperty("cost").GetDecimal()));
    }

    [Fact]
    public async Task OwnKey_OfACaller_ReadsItsUsage()
        => Assert.Equal(1m, (await GetAsync(_gateway, "/billing/credit_grants", Keys.Other)).GetProperty("total_used").GetDecimal());

    [Fact]
    public async Task Anonymous_IsAnsweredForAllAnonymousCallers()
    {
        await using var open = await StartAsync(("Access:AllowAnonymous", "true"));
        await using var local = await StartAsync();

        foreach (var gateway in (GatewayHost[])[open, local])
        {
            Assert.Equal(5m, (await GetAsync(gateway, "/billing/credit_grants", null)).GetProperty("total_used").GetDecimal());
        }
    }

    [Fact]
    public async Task Admin_SeesAllKeys_AlsoWhereCallersKeysAreNotTaken()
    {
        await using var strict = await StartAsync(("Access:Keys", AccessKey), ("Access:AllowCallerKeys", "false"));

        foreach (var gateway in (GatewayHost[])[_gateway, strict])
        {
            var report = await GetAsync(gateway, "/billing/usage?group_by=key", AdminToken);
            Assert.Equal(4, report.GetProperty("rows").GetArrayLength());
        }

        using var refused = await strict.Client.SendAsync(Request("/billing/usage", Keys.Other)).Guarded();
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(1, (await GetAsync(strict, "/billing/usage?group_by=key", AccessKey)).GetProperty("rows").GetArrayLength());
    }

    [Theory]
    [InlineData("/internal/usage", HttpStatusCode.NotFound)]
    [InlineData("/billing/..%2finternal/usage", HttpStatusCode.BadRequest)]
    [InlineData("/usage/%252e%252e/internal/usage", HttpStatusCode.BadRequest)]
    public async Task Ingest_ThroughTheGateway_IsNotThere(string path, HttpStatusCode status)
    {
        using var request = Request(path, AccessKey);
        request.Method = HttpMethod.Post;
        request.Content = JsonContent.Create(new { id = Guid.NewGuid(), rows = Array.Empty<int>() });
        using var answer = await _gateway.Client.SendAsync(request).Guarded();
        Assert.Equal(status, answer.StatusCode);
    }

    private Task<GatewayHost> StartAsync(params (string, string)[] settings) => GatewayHost.StartAsync(
        _simulator.Address, [("services:billing:http:0", _billing.Address.ToString()), ("OpenAI:ApiKey", Keys.Operator), .. settings]);

    private static async Task<JsonElement> GetAsync(GatewayHost gateway, string target, string? key)
    {
        using var request = Request(target, key);
        using var response = await gateway.Client.SendAsync(request).Guarded();
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        Assert.Equal("ledger", Assert.Single(response.Headers.GetValues("x-openaiproxy-source")));
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static HttpRequestMessage Request(string target, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, target);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        }

        return request;
    }
}
