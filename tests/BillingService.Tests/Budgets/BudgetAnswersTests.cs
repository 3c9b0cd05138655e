using System.Text.Json;
using OpenAIProxy.BillingService.Tests.Reports;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Tests.Budgets;

/// <summary>A budget that the gateway tells of is the same in every answer.</summary>
public sealed class BudgetAnswersTests : IAsyncLifetime
{
    private const long NextMonth = 1_775_001_600;

    private static readonly BudgetStatus Month = new("key", BudgetPeriod.Month, 20_000_000, 12_500_000, NextMonth);
    private static readonly BudgetStatus Total = new("total", BudgetPeriod.Total, 500_000_000, 400_000_000, null);

    private BillingRig _rig = null!;

    public async ValueTask InitializeAsync()
    {
        _rig = await BillingRig.StartAsync();
        await _rig.Billing.ReportAsync(Used.Tokens("2026-03-02", 5_000_000), Used.Tokens("2026-01-15", 4_000_000));
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Subscription_IsTheBudgetOfWhichTheLeastIsLeft()
    {
        var answer = await GetAsync("/dashboard/billing/subscription", Total, Month);

        Assert.Equal((20m, 20m), (Number(answer, "hard_limit_usd"), Number(answer, "system_hard_limit_usd")));
        Assert.Equal(("key", "month", NextMonth), (Text(answer, "budget", "scope"), Text(answer, "budget", "period"), Number(answer, "budget", "resets_at")));
    }

    [Fact]
    public async Task CreditGrants_HaveWhatIsLeftOfIt_WhateverDaysAreAsked()
    {
        var answer = await GetAsync("/billing/credit_grants?start_date=2026-01-01", Month);

        Assert.Equal((20m, 12.5m, 7.5m), (Number(answer, "total_granted"), Number(answer, "total_used"), Number(answer, "total_available")));
        Assert.Equal(7.5m, Number(answer, "budget", "remaining_usd"));
    }

    [Fact]
    public async Task Balance_IsWhatIsLeftOfIt()
    {
        var answer = await GetAsync("/v1/usage", Month);

        Assert.Equal("quota_limited", answer.GetProperty("mode").GetString());
        Assert.Equal((7.5m, 7.5m, 20m, 12.5m), (Number(answer, "balance"), Number(answer, "remaining"), Number(answer, "total"), Number(answer, "used")));
        Assert.Equal((20m, 12.5m, 7.5m), (Number(answer, "quota", "limit"), Number(answer, "quota", "used"), Number(answer, "quota", "remaining")));
    }

    [Fact]
    public async Task Budget_ThatIsOverdrawn_HasNothingLeft()
    {
        var answer = await GetAsync("/v1/usage", Month with { Used = 21_000_000 });

        Assert.Equal((0m, 21m), (Number(answer, "remaining"), Number(answer, "used")));
    }

    [Fact]
    public async Task Header_OfSomebodyWhoIsNoGateway_IsNotBelieved()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/dashboard/billing/subscription?");
        request.Headers.Authorization = new("Bearer", Keys.Secret);
        request.Headers.Add(InternalHeaders.Budgets, BudgetStatus.Write([Month]));

        using var answer = await _rig.Billing.Client.SendAsync(request);

        Assert.DoesNotContain("\"budget\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> GetAsync(string path, params BudgetStatus[] budgets)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add(InternalHeaders.Token, BillingHost.InternalToken);
        request.Headers.Add(InternalHeaders.KeyId, KeyId.Of(Keys.Secret).Value);
        request.Headers.Add(InternalHeaders.Budgets, BudgetStatus.Write(budgets));
        using var answer = await _rig.Billing.Client.SendAsync(request);
        return JsonDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).RootElement;
    }

    private static JsonElement At(JsonElement json, params string[] path) => path.Aggregate(json, (element, name) => element.GetProperty(name));

    private static decimal Number(JsonElement json, params string[] path) => At(json, path).GetDecimal();

    private static string? Text(JsonElement json, params string[] path) => At(json, path).GetString();
}
