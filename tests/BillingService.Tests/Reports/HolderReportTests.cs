using System.Text.Json;
using OpenAIProxy.BillingService.Tests.Ledger;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Reports;

/// <summary><c>GET /billing/usage</c> by team and by owner of the keys.</summary>
public sealed class HolderReportTests(Postgres postgres)
{
    private const string AdminToken = "admin-T3BlbkFJ-sees-everything";
    private const string Ann = "fk-ann-accesssecret-of-a-friend";
    private const string Bob = "fk-bob-accesssecret-of-a-friend";
    private const string Carol = "fk-carol-of-no-team-at-all";

    [Theory, OnEachDatabase]
    public async Task Report_ByTeamOrOwner_IsOneRowForEachAndOneForNobodys(LedgerKind kind)
    {
        await using var place = await LedgerRig.CreateAsync(kind, postgres);
        await using var rig = await StartAsync(place.Setting);

        Assert.Equal([("", "3.5"), ("research", "12.5")], await RowsAsync(rig, "team"));
        Assert.Equal([("", "8.5"), ("ann@example.com", "7.5")], await RowsAsync(rig, "owner"));
        Assert.Equal(
            [("2026-03-14 ", "1"), ("2026-03-14 research", "7.5"), ("2026-03-15 ", "2.5"), ("2026-03-15 research", "5")], await RowsAsync(rig, "day,team"));
        Assert.Equal(
            [(" ", "3.5"), ("research ", "5"), ("research ann@example.com", "7.5")], await RowsAsync(rig, "team,owner"));
        Assert.Equal(
            [(" ", "3.5"), (" research", "7.5"), ("zoe research", "5")], await RowsAsync(rig, "end_user,team"));
    }

    [Fact]
    public async Task Report_ByKeyAndTeam_HasTheTeamBesideEachKey_AsJsonAndCsv()
    {
        await using var rig = await StartAsync();

        var json = (await rig.Billing.GetAsync("/billing/usage?group_by=key,team,owner", AdminToken)).Json.GetProperty("rows").EnumerateArray().ToArray();
        var csv = (await rig.Billing.GetAsync("/billing/usage?group_by=team,model,owner&format=csv", AdminToken)).Text.Split("\r\n");

        var ann = json.Single(row => row.GetProperty("key").GetString() == KeyId.Of(Ann).Value);
        Assert.Equal(("research", "ann@example.com"), (ann.GetProperty("team").GetString(), ann.GetProperty("owner").GetString()));
        Assert.StartsWith("model,team,owner,requests,", csv[0], StringComparison.Ordinal);
        Assert.Equal(
            ["gpt-4o,,,2", "gpt-4o,research,,1", "gpt-4o,research,ann@example.com,2"], csv[1..^1].Select(line => string.Join(',', line.Split(',')[..4])));
    }

    [Fact]
    public async Task Report_ByTeamInPages_IsTheReport()
    {
        await using var rig = await StartAsync();
        var rows = new List<(string, string)>();
        for (string? next = ""; next is not null;)
        {
            var page = (await rig.Billing.GetAsync($"/billing/usage?group_by=day,team&limit=1{(next.Length == 0 ? "" : "&after=" + next)}", AdminToken)).Json;
            rows.AddRange(Rows(page, "day,team"));
            next = page.GetProperty("next").GetString();
            Assert.Equal("16", page.GetProperty("total").GetProperty("cost_usd").GetRawText());
        }

        Assert.Equal(await RowsAsync(rig, "day,team"), rows);
    }

    [Fact]
    public async Task Report_ByTeam_HasTheTimesOfItsKeysCalls()
    {
        await using var rig = await StartAsync();
        await rig.Billing.ReportAsync(
            Used.Tokens("2026-03-15", 1, key: KeyId.Of(Ann).Value) with { Duration = new() { [LatencyBuckets.Of(100)] = 1 } },
            Used.Tokens("2026-03-15", 1, key: KeyId.Of(Carol).Value) with { Duration = new() { [LatencyBuckets.Of(5_000)] = 1 } });

        var rows = (await rig.Billing.GetAsync("/billing/usage?group_by=team", AdminToken)).Json.GetProperty("rows").EnumerateArray().ToArray();

        Assert.Equal([true, false], rows.Select(row => row.GetProperty("duration_ms").GetProperty("p50").GetDouble() > 1_000));
    }

    [Fact]
    public async Task Report_OfAKey_HasNoOtherTeamsAndOwnersFigures()
    {
        await using var rig = await StartAsync();

        var own = await rig.Billing.GetForAsync("/billing/usage?group_by=team,owner", KeyId.Of(Ann).Value);

        Assert.Equal([("research ann@example.com", "7.5")], Rows(own.Json, "team,owner"));
        Assert.Equal("7.5", own.Json.GetProperty("total").GetProperty("cost_usd").GetRawText());
    }

    private static async Task<BillingRig> StartAsync(params (string, string)[] settings)
    {
        var rig = await BillingRig.StartAsync([("Billing:AdminToken", AdminToken), .. settings]);
        await rig.Billing.TellAsync(Rosters.Rosters.Of(
            Rosters.Rosters.Key(Ann, "ann", "ann@example.com", "research"), Rosters.Rosters.Key(Bob, "bob", team: "Research"), Rosters.Rosters.Key(Carol)));
        await rig.Billing.ReportAsync(
            Used.Tokens("2026-03-14", 1_000_000, key: KeyId.Of(Ann).Value), Used.Tokens("2026-03-14", 2_000_000, key: KeyId.Of(Ann).Value, model: "gpt-4o"),
            Used.Tokens("2026-03-15", 2_000_000, key: KeyId.Of(Bob).Value, endUser: "zoe"), Used.Tokens("2026-03-14", 400_000, key: KeyId.Of(Carol).Value),
            Used.Tokens("2026-03-15", 1_000_000));
        return rig;
    }

    private static async Task<(string, string)[]> RowsAsync(BillingRig rig, string groupBy)
        => [.. Rows((await rig.Billing.GetAsync($"/billing/usage?group_by={groupBy}", AdminToken)).Json, groupBy)];

    private static IEnumerable<(string, string)> Rows(JsonElement report, string groupBy) => report.GetProperty("rows").EnumerateArray().Select(row
        => (string.Join(' ', groupBy.Split(',').Select(name => row.GetProperty(name).GetString())), row.GetProperty("cost_usd").GetRawText()));
}
