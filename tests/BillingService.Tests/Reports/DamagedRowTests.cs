using System.Net;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.BillingService.Tests.Pages;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Reports;

/// <summary>A histogram in the ledger that can't be read costs no more than its own calls' times.</summary>
public sealed class DamagedRowTests
{
    private const string AdminToken = "admin-T3BlbkFJ-sees-everything";

    [Theory]
    [InlineData("80")]
    [InlineData("14")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFF01")]
    [InlineData("620A")]
    [InlineData("1401006401")]
    [InlineData("14FFFFFFFFFFFFFFFFFF01")]
    [InlineData("7F017F01")]
    public async Task Report_OverADamagedHistogram_HasItsSums_AndTheOthersTimes(string damage)
    {
        await using var rig = await BillingRig.StartAsync(("Billing:AdminToken", AdminToken));
        var whole = new Dictionary<int, long> { [LatencyBuckets.Of(100)] = 3 };
        await rig.Billing.ReportAsync(
            Used.Tokens("2026-03-15", 1_000_000) with { Duration = whole, FirstToken = whole },
            Used.Tokens("2026-03-15", 2_000_000, model: "gpt-4o-mini") with { Duration = whole, FirstToken = whole });
        await DamageAsync(rig.Billing, damage);

        foreach (var target in (string[])["/billing/usage?group_by=model", "/billing/usage?format=csv", "/billing/credit_grants",
            "/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-16"])
        {
            Assert.Equal(HttpStatusCode.OK, (await rig.Billing.GetAsync(target, AdminToken)).Status);
        }

        var report = (await rig.Billing.GetAsync("/billing/usage?group_by=model", AdminToken)).Json;
        Assert.Equal("2.8", report.GetProperty("total").GetProperty("cost_usd").GetRawText());
        var rows = report.GetProperty("rows");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, rows[0].GetProperty("duration_ms").ValueKind);
        Assert.InRange(rows[0].GetProperty("time_to_first_token_ms").GetProperty("p50").GetDouble(), 90, 110);
        Assert.InRange(rows[1].GetProperty("duration_ms").GetProperty("p50").GetDouble(), 90, 110);
        Assert.InRange(report.GetProperty("total").GetProperty("duration_ms").GetProperty("p50").GetDouble(), 90, 110);
        var cookie = (await UsageRig.PostAsync(rig.Billing, "/usage/sign-in", AdminToken)).Headers["Set-Cookie"].Split(';')[0];
        Assert.Equal(HttpStatusCode.OK, (await rig.Billing.GetAsync("/usage", key: null, ("Cookie", cookie))).Status);
        Assert.Equal(LogLevel.Error, Assert.Single(rig.Billing.Logs.Find("usage_latency of")).Level);
    }

    [Theory]
    [InlineData("/billing/credit_grants")]
    [InlineData("/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-16")]
    public async Task Answer_WithoutTimes_DoesNotReadHistograms(string target)
    {
        await using var rig = await BillingRig.StartAsync(("Billing:AdminToken", AdminToken));
        await rig.Billing.ReportAsync(Used.Tokens("2026-03-15", 1_000_000) with { Duration = new() { [LatencyBuckets.Of(100)] = 3 } });
        await DamageAsync(rig.Billing, "80");

        Assert.Equal(HttpStatusCode.OK, (await rig.Billing.GetAsync(target, AdminToken)).Status);

        Assert.Empty(rig.Billing.Logs.Find("usage_latency of"));
    }

    [Fact]
    public async Task Usage_OnTopOfADamagedHistogram_IsTaken()
    {
        await using var rig = await BillingRig.StartAsync(("Billing:AdminToken", AdminToken));
        var calls = new Dictionary<int, long> { [LatencyBuckets.Of(100)] = 1 };
        await rig.Billing.ReportAsync(Used.Tokens("2026-03-15", 1_000_000) with { Duration = calls });
        await DamageAsync(rig.Billing, "FF");

        await rig.Billing.ReportAsync(Used.Tokens("2026-03-15", 1_000_000) with { Duration = calls });

        var total = (await rig.Billing.GetAsync("/billing/usage", AdminToken)).Json.GetProperty("total");
        Assert.Equal("5", total.GetProperty("cost_usd").GetRawText());
        Assert.InRange(total.GetProperty("duration_ms").GetProperty("p50").GetDouble(), 90, 110);
    }

    // Those of gpt-4o, of its key and of all keys together.
    private static async Task DamageAsync(BillingHost billing, string hexadecimal)
    {
        await using var transaction = await billing.Services.GetRequiredService<ILedgerDatabase>().BeginAsync(CancellationToken.None);
        var changed = await transaction.Connection.ExecuteAsync(
            $"UPDATE usage_latency SET duration = x'{hexadecimal}' WHERE dims_id IN (SELECT id FROM usage_dims WHERE model = 'gpt-4o')",
            transaction: transaction.DbTransaction);
        await transaction.CommitAsync(CancellationToken.None);
        Assert.Equal(2, changed);
    }
}
