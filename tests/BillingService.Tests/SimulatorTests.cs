using System.Globalization;
using System.Net;
using OpenAIProxy.BillingService.Tests.Reports;
using OpenAIProxy.Simulator.Billing;

namespace OpenAIProxy.BillingService.Tests;

/// <summary>Sums over windows, checked against what the simulator says each day has cost.</summary>
public sealed class SimulatorTests(SimulatorRig rig) : IClassFixture<SimulatorRig>
{
    [Theory]
    [InlineData(Keys.Secret, "2026-03-15", "2026-03-15")]
    [InlineData(Keys.Secret, "2025-12-15", "2026-03-15")]
    [InlineData(Keys.Secret, "2022-11-11", "2023-05-01")]
    [InlineData(Keys.Secret, "2024-01-01", "2024-12-31")]
    [InlineData(Keys.Other, "2021-03-15", "2026-03-15")]
    [InlineData(Keys.Admin, "2026-03-15", "2026-03-15")]
    [InlineData(Keys.Admin, "2021-03-15", "2026-03-15")]
    public async Task CreditGrants_OfAnyRange_AreTheSumOfItsDays(string key, string start, string end)
    {
        var answer = await rig.Billing.GetAsync($"/billing/credit_grants?start_date={start}&end_date={end}", key);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(Text(Cents(key, Day(start), Day(end).AddDays(1)) / 100), answer.Number("total_used"));
        foreach (var window in answer.Json.GetProperty("list_used").EnumerateArray())
        {
            var (from, to) = (Day(window.GetProperty("start_date").GetString()!), Day(window.GetProperty("end_date").GetString()!));
            Assert.InRange(to.DayNumber - from.DayNumber + 1, 1, 90);
            Assert.Equal(Text(Cents(key, from, to.AddDays(1)) / 100), window.GetProperty("used").GetRawText());
        }
    }

    [Theory]
    [InlineData(Keys.Secret, "2026-03-15", "2026-03-16")]
    [InlineData(Keys.Secret, "2026-03-01", "2026-04-01")]
    [InlineData(Keys.Secret, "2023-03-15", "2026-03-16")]
    [InlineData(Keys.Session, "2025-03-15", "2026-03-16")]
    [InlineData(Keys.Admin, "2025-03-15", "2026-03-16")]
    public async Task Usage_OfAnyRange_HasEachDaysCostsAndTheirSum(string key, string start, string end)
    {
        var answer = await rig.Billing.GetAsync($"/v1/dashboard/billing/usage?start_date={start}&end_date={end}", key);

        Assert.Equal(Text(Cents(key, Day(start), Day(end))), answer.Number("total_usage"));
        var day = Day(start);
        foreach (var costs in answer.Json.GetProperty("daily_costs").EnumerateArray())
        {
            Assert.Equal(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeSeconds(), costs.GetProperty("timestamp").GetDecimal());
            Assert.Equal(
                SimulatedBilling.CentsOn(day, key), costs.GetProperty("line_items").EnumerateArray().Sum(item => item.GetProperty("cost").GetDecimal()));
            day = day.AddDays(1);
        }

        Assert.Equal(Day(end), day);
    }

    [Fact]
    public async Task CreditGrants_OfASession_AreTheSimulators()
    {
        var answer = await rig.Billing.GetAsync("/billing/credit_grants", Keys.Session);

        Assert.Equal("14.5", answer.Number("total_available"));
        Assert.Equal("grant_simulated", answer.Json.GetProperty("grants").GetProperty("data")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Answer_WhereKeysAreRefused_IsTheLedgers()
    {
        await using var simulator = await SimulatorHost.StartAsync(("Simulator:Billing", "SessionKey"));
        await using var billing = await BillingHost.StartAsync(simulator.Address);
        await billing.ReportAsync(Used.Tokens("2026-03-15", 1_000_000));

        var answer = await billing.GetAsync("/billing/credit_grants");

        Assert.Equal((HttpStatusCode.OK, "2.5"), (answer.Status, answer.Number("total_used")));
        Assert.Equal("ledger", answer.Headers["x-openaiproxy-source"]);
        var session = await billing.GetAsync("/billing/credit_grants", Keys.Session);
        Assert.Equal(("14.5", "upstream"), (session.Number("total_available"), session.Headers["x-openaiproxy-source"]));
    }

    [Fact]
    public async Task Answer_WhereKeysAreRefusedAndUpstreamIsTheOnlySource_IsTheRefusal()
    {
        await using var simulator = await SimulatorHost.StartAsync(("Simulator:Billing", "SessionKey"));
        await using var billing = await BillingHost.StartAsync(simulator.Address, ("Billing:Source", "Upstream"));

        var answer = await billing.GetAsync("/billing/credit_grants");

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("must be made with a session key", answer.Text, StringComparison.Ordinal);
        Assert.Equal("14.5", (await billing.GetAsync("/billing/credit_grants", Keys.Session)).Number("total_available"));
    }

    private static decimal Cents(string key, DateOnly start, DateOnly end)
        => Enumerable.Range(0, end.DayNumber - start.DayNumber).Sum(i => SimulatedBilling.CentsOn(start.AddDays(i), key));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(decimal amount) => amount.ToString("0.############", CultureInfo.InvariantCulture);
}
