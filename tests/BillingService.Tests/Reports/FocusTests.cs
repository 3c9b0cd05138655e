using System.Globalization;
using System.Net;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Reports;

/// <summary><c>format=focus</c>: usage as tools for cloud costs take it in (FOCUS 1.2).</summary>
public sealed class FocusTests : IAsyncLifetime
{
    private const string Admin = "admin-T3BlbkFJ-sees-everything";
    private const string Day = "/billing/usage?start_date=2026-03-10&end_date=2026-03-11&format=focus";

    // FOCUS 1.2, columns that must be there.
    private static readonly string[] Mandatory =
    [
        "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodStart", "BillingPeriodEnd", "ChargeCategory", "ChargeClass",
        "ChargeDescription", "ChargePeriodStart", "ChargePeriodEnd", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost", "PricingQuantity",
        "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName",
    ];

    private BillingRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await BillingRig.StartAsync(("Billing:AdminToken", Admin));

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Usage_IsALineForEachKeyModelDayAndKindOfToken()
    {
        await _rig.Billing.ReportAsync(
            Used.Tokens("2026-03-10", 1_000_000, 500_000), Used.Tokens("2026-03-10", 1_000_000, endpoint: "responses"), Used.Tokens("2026-03-11", 2_000_000),
            Used.Tokens("2026-03-10", 400_000, key: KeyId.Of(Keys.Other).Value), Used.Tokens("2026-03-12", 1_000_000),
            Used.Of(UsageUnit.Milliseconds, 90_000, "2026-03-10", "whisper-1", "transcriptions"));

        var lines = await ReadAsync(Day, Admin);

        Assert.Equal(
            [
                "2026-03-10T00:00:00Z gpt-4o input tokens 2000000 2 5",
                "2026-03-10T00:00:00Z gpt-4o input tokens 400000 0.4 1",
                "2026-03-10T00:00:00Z gpt-4o output tokens 500000 0.5 5",
                "2026-03-10T00:00:00Z whisper-1 audio minutes 1.5 1.5 0.009",
                "2026-03-11T00:00:00Z gpt-4o input tokens 2000000 2 5",
            ],
            lines.Select(Text).Order(StringComparer.Ordinal));
        Assert.All(lines, line =>
        {
            Assert.All(Mandatory, column => Assert.Contains(column, line.Keys));
            Assert.Equal(
                ("USD", "Usage", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "AI and Machine Learning"),
                (line["BillingCurrency"], line["ChargeCategory"], line["BillingPeriodStart"], line["BillingPeriodEnd"], line["ServiceCategory"]));
            Assert.Equal(
                decimal.Parse(line["BilledCost"], CultureInfo.InvariantCulture),
                decimal.Parse(line["PricingQuantity"], CultureInfo.InvariantCulture) * decimal.Parse(line["ListUnitPrice"], CultureInfo.InvariantCulture));
            Assert.StartsWith("key_", line["SubAccountId"], StringComparison.Ordinal);
        });
        Assert.Equal(("1M Tokens", "Tokens"), (lines[0]["PricingUnit"], lines[0]["ConsumedUnit"]));
    }

    [Fact]
    public async Task Usage_WithoutAPrice_IsLeftOutAndCountedInALastLineWithoutACost()
    {
        await _rig.Billing.ReportAsync(
            Used.Tokens("2026-03-10", 1_000, 234, model: Used.Unpriced, requests: 3), Used.Tokens("2026-03-11", 1_000_000), Used.Tokens("2026-03-10", 0));

        var lines = await ReadAsync(Day, Admin);

        Assert.Equal(["gpt-4o", ""], lines.Select(l => l["SkuId"]));
        Assert.Equal("Left out: 3 requests without a price, 1234 tokens", lines[1]["ChargeDescription"]);
        Assert.Equal(("", "", "3"), (lines[1]["BilledCost"], lines[1]["ListCost"], lines[1]["ConsumedQuantity"]));
    }

    [Fact]
    public async Task Caller_GetsTheirOwnUsageAlone()
    {
        await _rig.Billing.ReportAsync(Used.Tokens("2026-03-10", 1_000_000), Used.Tokens("2026-03-10", 400_000, key: KeyId.Of(Keys.Other).Value));

        var lines = await ReadAsync(Day, Keys.Secret);

        Assert.Equal(["1000000"], lines.Select(l => l["ConsumedQuantity"]));
    }

    [Theory]
    [InlineData("&group_by=model", "group_by")]
    [InlineData("&tz=Asia/Shanghai", "tz")]
    [InlineData("&limit=10", "limit")]
    public async Task Parameter_ThatFocusHasNot_IsRefused(string parameter, string name)
    {
        var answer = await _rig.Billing.GetAsync(Day + parameter, Admin);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(name, answer.Text, StringComparison.Ordinal);
    }

    private static string Text(Dictionary<string, string> line)
        => $"{line["ChargePeriodStart"]} {line["SkuId"]} {line["SkuMeter"]} {line["ConsumedQuantity"]} {line["PricingQuantity"]} {line["BilledCost"]}";

    private async Task<IReadOnlyList<Dictionary<string, string>>> ReadAsync(string target, string key)
    {
        var answer = await _rig.Billing.GetAsync(target, key);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var lines = answer.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(Cells).ToArray();
        return [.. lines[1..].Select(cells => lines[0].Zip(cells).ToDictionary(c => c.First, c => c.Second))];
    }

    // RFC 4180, without line ends in cells.
    private static string[] Cells(string line)
    {
        var cells = new List<string>();
        for (var rest = line; ;)
        {
            var isQuoted = rest.StartsWith('"');
            var end = isQuoted ? rest.IndexOf("\",", StringComparison.Ordinal) + 1 : rest.IndexOf(',', StringComparison.Ordinal);
            var cell = end <= 0 && !rest.StartsWith(',') ? rest : rest[..Math.Max(end, 0)];
            cells.Add(isQuoted ? cell[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : cell);
            if (cell.Length == rest.Length)
            {
                return [.. cells];
            }

            rest = rest[(cell.Length + 1)..];
        }
    }
}
