using System.Globalization;
using System.Text;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.Contracts;
using OpenAIProxy.Pricing;

namespace OpenAIProxy.BillingService.Focus;

/// <summary>
/// Writes a FOCUS 1.2 file (FinOps Open Cost and Usage Specification, https://focus.finops.org), by which tools for cloud costs take the usage in. A
/// cost is what the price book says of it. Usage without a price is left out, and counted in a last line without costs.
/// </summary>
/// <param name="provider">Whose API it is, by its host.</param>
internal sealed class FocusCsv(FocusProvider provider)
{
    private const string LineEnd = "\r\n";
    private const string Calls = "Requests";

    private static readonly string[] Columns =
    [
        "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory", "ChargeClass",
        "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd", "ChargePeriodStart", "ConsumedQuantity", "ConsumedUnit", "ContractedCost",
        "ContractedUnitPrice", "EffectiveCost", "InvoiceIssuerName", "ListCost", "ListUnitPrice", "PricingCategory", "PricingQuantity", "PricingUnit",
        "ProviderName", "PublisherName", "RegionId", "ServiceCategory", "ServiceName", "ServiceSubcategory", "SkuId", "SkuMeter", "SkuPriceId", "SubAccountId",
        "SubAccountName", "Tags",
    ];

    /// <summary>Writes the file.</summary>
    /// <param name="body">Where to.</param>
    /// <param name="groups">What was used, written as it comes.</param>
    /// <param name="leftOut">What has no price, once <paramref name="groups"/> have been read.</param>
    /// <param name="range">The days.</param>
    /// <param name="names">The names of keys.</param>
    public async Task WriteAsync(
        StreamedBody body, IAsyncEnumerable<FocusGroup> groups, UsageCounts leftOut, DateRange range, IReadOnlyDictionary<string, string> names)
    {
        Write(body, Columns);
        await foreach (var group in groups)
        {
            foreach (var (line, charge) in group.Lines)
            {
                Write(body, Cells(Of(group, line, charge, names.GetValueOrDefault(group.Key))));
            }

            if (body.IsFull)
            {
                await body.SendAsync();
            }
        }

        if (leftOut.Requests > 0)
        {
            Write(body, Cells(OfLeftOut(leftOut, range)));
        }
    }

    private Dictionary<string, string> Of(FocusGroup group, FocusLine line, Charge charge, string? name)
    {
        var cells = Of(group.Day, group.Day.AddDays(1));
        cells["BilledCost"] = cells["ContractedCost"] = cells["EffectiveCost"] = cells["ListCost"] = Number(charge.Dollars);
        cells["ContractedUnitPrice"] = cells["ListUnitPrice"] = Number(charge.UnitPrice);
        cells["ChargeDescription"] = $"{group.Model}, {line.Meter}";
        cells["ConsumedQuantity"] = Number(charge.Consumed);
        cells["ConsumedUnit"] = charge.ConsumedUnit;
        cells["PricingCategory"] = "Standard";
        cells["PricingQuantity"] = Number(charge.Quantity);
        cells["PricingUnit"] = charge.PricingUnit;
        cells["RegionId"] = line.Region;
        cells["SkuId"] = group.Model;
        cells["SkuMeter"] = line.Meter;
        cells["SkuPriceId"] = string.Join('/', ((string[])[group.Model, line.Tier, line.Region, line.Meter]).Where(part => part.Length > 0));
        cells["SubAccountId"] = group.Key;
        cells["SubAccountName"] = name ?? "";
        cells["Tags"] = $$"""{"service_tier":"{{JavaScriptSafe(line.Tier)}}"}""";
        return cells;
    }

    // No cost, which is not a cost of 0.
    private Dictionary<string, string> OfLeftOut(UsageCounts leftOut, DateRange range)
    {
        var cells = Of(range.Start, range.End);
        cells["ChargeDescription"] = string.Create(
            CultureInfo.InvariantCulture, $"Left out: {leftOut.Requests} requests without a price, {leftOut.Input + leftOut.Output} tokens");
        cells["ConsumedQuantity"] = Number(leftOut.Requests);
        cells["ConsumedUnit"] = Calls;
        return cells;
    }

    private Dictionary<string, string> Of(DateOnly start, DateOnly end)
    {
        var month = new DateOnly(start.Year, start.Month, 1);
        return new(StringComparer.Ordinal)
        {
            ["BillingAccountId"] = provider.Host,
            ["BillingAccountName"] = provider.Name,
            ["BillingCurrency"] = "USD",
            ["BillingPeriodStart"] = Time(month),
            ["BillingPeriodEnd"] = Time(month.AddMonths(1)),
            ["ChargeCategory"] = "Usage",
            ["ChargeFrequency"] = "Usage-Based",
            ["ChargePeriodStart"] = Time(start),
            ["ChargePeriodEnd"] = Time(end),
            ["InvoiceIssuerName"] = provider.Name,
            ["ProviderName"] = provider.Name,
            ["PublisherName"] = provider.Name,
            ["ServiceCategory"] = "AI and Machine Learning",
            ["ServiceName"] = $"{provider.Name} API",
            ["ServiceSubcategory"] = "Generative AI",
        };
    }

    private static IEnumerable<string> Cells(Dictionary<string, string> cells) => Columns.Select(column => CsvText.Of(cells.GetValueOrDefault(column, "")));

    private static void Write(StreamedBody body, IEnumerable<string> cells) => Encoding.UTF8.GetBytes(string.Join(',', cells) + LineEnd, body.Writer);

    // 2026-11-30T00:00:00Z
    private static string Time(DateOnly day) => $"{DateRange.Text(day)}T00:00:00Z";

    private static string Number(decimal value) => Money.Shortest(value).ToString(CultureInfo.InvariantCulture);

    // Upstream names tiers.
    private static string JavaScriptSafe(string text) => System.Text.Json.JsonEncodedText.Encode(text).Value;
}
