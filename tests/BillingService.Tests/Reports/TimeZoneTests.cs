using System.Net;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Reports;

/// <summary><c>?tz=</c>: the days of a report are those of where its reader is.</summary>
public sealed class TimeZoneTests : IAsyncLifetime
{
    private BillingRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await BillingRig.StartAsync(("Billing:AdminToken", "admin-T3BlbkFJ-sees-everything"));

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("", "2026-03-10:3,2026-03-11:4")]
    [InlineData("&tz=UTC", "2026-03-10:3,2026-03-11:4")]
    // Beijing's 11th begins at 16:00 UTC on the 10th.
    [InlineData("&tz=Asia/Shanghai", "2026-03-10:1,2026-03-11:6")]
    [InlineData("&tz=America%2FNew_York", "2026-03-10:7")]
    // India's 11th begins at 18:30 UTC; what was asked for from 18:00 on stays with the day before.
    [InlineData("&tz=Asia/Kolkata", "2026-03-10:3,2026-03-11:4")]
    public async Task Report_InAZone_HasItsDays(string zone, string days)
    {
        await _rig.Billing.ReportAsync(At("2026-03-10T15:00Z", 1), At("2026-03-10T16:00Z", 2), At("2026-03-11T03:00Z", 4), At("2026-03-13T00:00Z", 8));

        var answer = await _rig.Billing.GetAsync("/billing/usage?start_date=2026-03-10&end_date=2026-03-11&group_by=day" + zone);
        var csv = await _rig.Billing.GetAsync("/billing/usage?start_date=2026-03-10&end_date=2026-03-11&group_by=day&format=csv" + zone);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(days,
            string.Join(',', answer.Json.GetProperty("rows").EnumerateArray()
                .Select(r => $"{r.GetProperty("day").GetString()}:{r.GetProperty("requests").GetInt64()}")));
        Assert.Equal(7, answer.Json.GetProperty("total").GetProperty("requests").GetInt64());
        Assert.Equal(days,
            string.Join(',', csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => string.Join(':', line.Split(',')[..2]))));
    }

    [Fact]
    public async Task Report_InAZone_NamesItAndHasItsToday()
    {
        // It is noon of the 15th in UTC, and in Kiritimati the 16th has begun two hours ago.
        var answer = await _rig.Billing.GetAsync("/billing/usage?tz=Pacific/Kiritimati");

        Assert.Equal(("2026-02-15", "2026-03-16", "Pacific/Kiritimati"),
            (answer.Json.GetProperty("start_date").GetString(), answer.Json.GetProperty("end_date").GetString(),
                answer.Json.GetProperty("time_zone").GetString()));
    }

    [Fact]
    public async Task Report_OfAllKeysInAZone_HasEachCallOnce()
    {
        await _rig.Billing.ReportAsync(
            At("2026-03-10T16:00Z", 2), At("2026-03-10T17:00Z", 3, KeyId.Of(Keys.Other).Value), At("2026-03-10T18:00Z", 4, UsageDimensions.Anonymous));

        var target = "/billing/usage?start_date=2026-03-11&end_date=2026-03-11&tz=Asia/Shanghai&group_by=";
        var all = await _rig.Billing.GetAsync(target + "model", "admin-T3BlbkFJ-sees-everything");
        var byKey = await _rig.Billing.GetAsync(target + "key", "admin-T3BlbkFJ-sees-everything");

        Assert.Equal([9L], all.Json.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("requests").GetInt64()));
        Assert.Equal([2L, 3, 4], byKey.Json.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("requests").GetInt64()).Order());
    }

    [Theory]
    [InlineData("Asia/Peking")]
    [InlineData("Asia")]
    [InlineData("China Standard Time")]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/localtime")]
    [InlineData("leapseconds")]
    [InlineData("%00")]
    [InlineData("UTC&tz=Asia/Shanghai")]
    public async Task Report_InAZoneThatIsNone_SaysWhatIsWrong(string zone)
    {
        var answer = await _rig.Billing.GetAsync("/billing/usage?tz=" + zone);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        var error = answer.Json.GetProperty("error");
        Assert.Equal(("invalid_time_zone", "tz"), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Contains("Asia/Shanghai", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_WhereTheSystemKnowsNoZones_SaysSo()
    {
        var folder = Directory.CreateTempSubdirectory("openaiproxy-zones-");
        try
        {
            // An empty folder of time zones, as in a small container image.
            await using var service = await ServiceProcess.StartAsync(
                [("TZDIR", folder.FullName)], $"--Ledger:File={Path.Combine(folder.FullName, "ledger.db")}", "--Billing:AdminToken=admin-T3BlbkFJ-sees-everything");
            service.Client.DefaultRequestHeaders.Authorization = new("Bearer", "admin-T3BlbkFJ-sees-everything");

            using var wrong = await service.Client.GetAsync("/billing/usage?tz=Asia/Shanghai");
            using var utc = await HangGuard.Until(
                () => service.Client.GetAsync("/billing/usage?tz=UTC"), answer => answer.IsSuccessStatusCode, "the ledger is ready");

            Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
            Assert.Contains("no time zone data", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static UsageRow At(string time, long requests, string? key = null)
    {
        var row = Used.Tokens("2026-03-10", 1_000 * requests, requests: requests, key: key);
        var hour = DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds() / 3600;
        return row with { What = row.What with { Hour = hour } };
    }
}
