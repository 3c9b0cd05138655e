using System.Net;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>Names of keys, as gateways tell them and reports show them.</summary>
public sealed class LabelTests(Postgres postgres)
{
    private const string AdminToken = "admin-T3BlbkFJ-sees-everything";

    [Theory, OnEachDatabase]
    public async Task Name_OfAKey_StandsInReportsAndIsTheLastThatCame(LedgerKind kind)
    {
        await using var place = await LedgerRig.CreateAsync(kind, postgres);
        await using var rig = await BillingRig.StartAsync(place.Setting, ("Billing:AdminToken", AdminToken));
        await rig.Billing.ReportAsync([new(Rows.Key, "ann", "x3f9"), new(Rows.OtherKey, "", "9a9a")], Rows.Of(), Rows.Of(key: Rows.OtherKey));
        Assert.Equal([(Rows.Key, "ann"), (Rows.OtherKey, null)], await NamesAsync(rig));

        await rig.Billing.ReportAsync([new(Rows.Key, "张三", "x3f9")], Rows.Of());
        Assert.Equal([(Rows.Key, "张三"), (Rows.OtherKey, null)], await NamesAsync(rig));

        await rig.Billing.ReportAsync([], Rows.Of());
        Assert.Equal([(Rows.Key, "张三"), (Rows.OtherKey, null)], await NamesAsync(rig));

        await rig.Billing.ReportAsync([new(Rows.Key, "", "x3f9")], Rows.Of());
        Assert.Equal([(Rows.Key, null), (Rows.OtherKey, null)], await NamesAsync(rig));
    }

    [Theory, OnEachDatabase]
    public async Task Name_OfAKey_StandsOnTheUsagePage(LedgerKind kind)
    {
        await using var place = await LedgerRig.CreateAsync(kind, postgres);
        await using var rig = await BillingRig.StartAsync(place.Setting, ("Billing:AdminToken", AdminToken));
        await rig.Billing.ReportAsync([new(Rows.Key, "ann", "x3f9")], Rows.Of(), Rows.Of(key: Rows.OtherKey));

        var page = await rig.Billing.GetAsync("/usage", key: null, ("Cookie", await Pages.UsageRig.CookieAsync(rig.Billing, AdminToken)));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains(">ann</a>", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_InACsvReport_StandsBesideItsKey()
    {
        await using var rig = await BillingRig.StartAsync(("Billing:AdminToken", AdminToken));
        await rig.Billing.ReportAsync([new(Rows.Key, "=ann", "")], Rows.Of());

        var csv = (await rig.Billing.GetAsync("/billing/usage?group_by=model,key&format=csv", AdminToken)).Text;

        Assert.StartsWith("model,key,key_name,requests,", csv, StringComparison.Ordinal);
        // A sheet takes what begins with a sign for a formula.
        Assert.Contains($"\r\ngpt-5.2,{Rows.Key},'=ann,", csv, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ann bob", "")]
    [InlineData("ann\u0000", "")]
    [InlineData("a\u202eb", "")]
    [InlineData("ann", "abcde")]
    [InlineData("ann", "a\u00e4bc")]
    public async Task Label_ThatCannotBe_IsLeftOutAndTheUsageTaken(string name, string ending)
    {
        await using var rig = await BillingRig.StartAsync(("Billing:AdminToken", AdminToken));

        await rig.Billing.ReportAsync([new(Rows.Key, name, ending), new(Rows.Key, "again", "")], Rows.Of(3));

        Assert.Equal([(Rows.Key, "again")], await NamesAsync(rig));
    }

    private static async Task<(string?, string?)[]> NamesAsync(BillingRig rig)
    {
        var answer = await rig.Billing.GetAsync("/billing/usage?group_by=key", AdminToken);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. answer.Json.GetProperty("rows").EnumerateArray().Select(
            row => (row.GetProperty("key").GetString(), row.TryGetProperty("key_name", out var name) ? name.GetString() : null))
                .OrderByDescending(row => row.Item1 == Rows.Key)];
    }
}
