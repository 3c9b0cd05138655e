using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Tests.Queries;

public sealed class MoneyTests
{
    [Fact]
    public async Task Sum_OfATenthAndTwoTenthsOfACent_IsThreeTenths()
    {
        await using var rig = await BillingRig.StartAsync();
        // One day costs 0.1 in one window, another one 0.2 in the next.
        rig.Upstream.CentsOf = day => day == new DateOnly(2025, 1, 1) ? "0.1" : day == new DateOnly(2025, 7, 1) ? "0.2" : "0";

        var usage = await rig.Billing.GetAsync("/dashboard/billing/usage?start_date=2025-01-01&end_date=2025-12-31");
        var grants = await rig.Billing.GetAsync("/billing/credit_grants?start_date=2025-01-01&end_date=2025-12-30");

        Assert.Equal("0.3", usage.Number("total_usage"));
        Assert.Equal("0.003", grants.Number("total_used"));
        Assert.Equal("119.997", grants.Number("total_available"));
        Assert.DoesNotContain("000000", grants.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.5e-3", "0.0015")]
    [InlineData("12.50", "12.5")]
    [InlineData("1E2", "100")]
    [InlineData("0.30000000000000004", "0.3")]
    [InlineData("30.000000000000004", "30")]
    [InlineData("1234.5600000000001", "1234.56")]
    [InlineData("0.00012300000000000001", "0.000123")]
    [InlineData("-2.50", "-2.5")]
    [InlineData("0", "0")]
    [InlineData("0.0", "0")]
    [InlineData("999999999999.99", "999999999999.99")]
    [InlineData("123456789012345", "123456789012345")]
    [InlineData("1e-40", "0")]
    [InlineData("\"0.0600000000000000000000000000001\"", "0.06")]
    [InlineData("\"0.06\"", "0.06")]
    public void Amount_ReadAndWritten_HasTheDigitsItNeeds(string json, string expected)
    {
        using var document = JsonDocument.Parse(json);
        var amount = Money.Read(document.RootElement);
        Assert.NotNull(amount);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            Money.Write(writer, "n", amount.Value);
            writer.WriteEndObject();
        }

        Assert.Equal($$"""{"n":{{expected}}}""", Encoding.UTF8.GetString(buffer.ToArray()));
    }

    [Theory]
    [InlineData("1e15")]
    [InlineData("1e400")]
    [InlineData("\"12 USD\"")]
    [InlineData("\" 1\"")]
    [InlineData("\"1,5\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("{}")]
    public void Amount_ThatIsNone_IsNotRead(string json)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Null(Money.Read(document.RootElement));
    }

    [Fact]
    public async Task Sums_OfManyDays_AreExactWhereBinaryOnesAreNot()
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.CentsOf = day => (day.DayNumber % 7 * 0.1m).ToString(CultureInfo.InvariantCulture);
        var days = Enumerable.Range(0, 365).Select(new DateOnly(2025, 1, 1).AddDays).ToArray();
        var exact = days.Sum(day => day.DayNumber % 7 * 0.1m);
        // The trap is real: in binary this sum shows its noise.
        Assert.NotEqual(exact.ToString(CultureInfo.InvariantCulture), days.Sum(day => day.DayNumber % 7 * 0.1).ToString("R", CultureInfo.InvariantCulture));

        var usage = await rig.Billing.GetAsync("/dashboard/billing/usage?start_date=2025-01-01&end_date=2026-01-01");

        Assert.Equal(exact.ToString("0.####", CultureInfo.InvariantCulture), usage.Number("total_usage"));
    }
}
