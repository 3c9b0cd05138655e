using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.BillingService.Tests.Ledger;
using OpenAIProxy.BillingService.Tests.Pages;

namespace OpenAIProxy.BillingService.Tests.Reports;

/// <summary>What callers name can't run as a formula in whatever sheet opens the file.</summary>
public sealed class CsvTests
{
    private const string AdminToken = "admin-T3BlbkFJ-sees-everything";

    [Theory]
    [InlineData("gpt-4o-mini", "gpt-4o-mini")]
    [InlineData("ft:gpt-4o:org::id", "ft:gpt-4o:org::id")]
    [InlineData("a=b", "a=b")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(1)", "'@SUM(1)")]
    [InlineData("\t=1", "\"'\t'=1\"")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData("\r=1", "\"'\r'=1\"")]
    [InlineData(" =1", "' =1")]
    [InlineData("\u00A0\u200B\uFEFF=1", "'\u00A0\u200B\uFEFF=1")]
    [InlineData("\"=1", "\"'\"\"=1\"")]
    [InlineData("'=1", "''=1")]
    [InlineData("\u201C=1", "'\u201C=1")]
    [InlineData(" \" '-1", "\"' \"\" '-1\"")]
    [InlineData("\uFF1D1", "'\uFF1D1")]
    [InlineData("\uFF0B1", "'\uFF0B1")]
    [InlineData("\uFF0D1", "'\uFF0D1")]
    [InlineData("\uFF201", "'\uFF201")]
    [InlineData("\uFE631", "'\uFE631")]
    [InlineData("x;=1+1", "\"x;'=1+1\"")]
    [InlineData("x; \"=1+1", "\"x;' \"\"=1+1\"")]
    [InlineData("x,@y|-z", "\"x,'@y|'-z\"")]
    [InlineData("x\uFF1B\uFF1Dy", "\"x\uFF1B'\uFF1Dy\"")]
    [InlineData("x\r\n=1", "\"x\r\n'=1\"")]
    [InlineData("\0=1", "'\0=1")]
    public void Text_IsHarmless(string text, string cell) => Assert.Equal(cell, CsvText.Of(text));

    [Fact]
    public async Task File_HasHarmlessNames_AndNumbersStayNumbers()
    {
        await using var rig = await BillingRig.StartAsync();
        await rig.Billing.ReportAsync(Used.Tokens("2026-03-15", 10, model: " \"=cmd|x;=1+1"), Used.Tokens("2026-03-15", 1_000_000));

        var csv = (await rig.Billing.GetAsync("/billing/usage?format=csv&start_date=2026-03-15")).Text;

        Assert.Contains("\r\n2026-03-15,\"' \"\"=cmd|x;'=1+1\",1,0,", csv, StringComparison.Ordinal);
        Assert.Contains("\r\n2026-03-15,gpt-4o,1,0,", csv, StringComparison.Ordinal);
        Assert.Contains(",2.5,0,false,", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_OfALedgerThatIsAway_IsNoneToSave()
    {
        await using var rig = await BillingRig.StartAsync(("Billing:AdminToken", AdminToken));
        var cookie = (await UsageRig.PostAsync(rig.Billing, "/usage/sign-in", AdminToken)).Headers["Set-Cookie"].Split(';')[0];
        await LedgerRig.ExecuteAsync(rig.Billing.Services.GetRequiredService<ILedgerDatabase>(), "ALTER TABLE usage_day RENAME TO usage_moved");

        foreach (var answer in (Answer[])[
            await rig.Billing.GetAsync("/billing/usage?format=csv", AdminToken),
            await rig.Billing.GetAsync("/usage/export.csv", key: null, ("Cookie", cookie))])
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
            Assert.DoesNotContain("csv", answer.Headers["Content-Type"], StringComparison.Ordinal);
            Assert.False(answer.Headers.ContainsKey("Content-Disposition"));
            Assert.Equal((null, null), (answer.Cache, answer.Age));
        }
    }
}
