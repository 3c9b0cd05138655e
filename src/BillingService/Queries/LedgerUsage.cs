using System.Buffers;
using System.Text.Json;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>Writes a report by day and model as OpenAI's usage: every day of the range, also those without usage, in cents.</summary>
internal static class LedgerUsage
{
    // As for organization costs without a line item.
    private const string NoModel = "Other";

    /// <summary>
    /// <c>{"object":"list","daily_costs":[{"timestamp":1680307200,"line_items":[{"name":"gpt-5","cost":12.5}]}],"total_usage":12.5,…}</c>.
    /// Usage without a price is in no <c>line_items</c>, whose <c>cost</c> clients add up, but in <c>unpriced_line_items</c> beside them.
    /// </summary>
    public static ReadOnlyMemory<byte> Write(UsageReport report)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("daily_costs");
        var rows = report.Rows.ToLookup(row => row.Day);
        for (var day = report.Start; day < report.End; day = day.AddDays(1))
        {
            WriteDay(json, day, rows[day]);
        }

        json.WriteEndArray();
        Money.Write(json, "total_usage", Money.Cents(report.Total.Dollars ?? 0m));
        LedgerNotes.Write(json, report.Total, Money.Cents(report.Total.EstimatedDollars));
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteDay(Utf8JsonWriter json, DateOnly day, IEnumerable<UsageReportRow> rows)
    {
        json.WriteStartObject();
        json.WriteNumber("timestamp", DateRange.UnixSeconds(day));
        json.WriteStartArray("line_items");
        foreach (var row in rows)
        {
            // Lists and the like, which cost nothing, are no item of a bill.
            if (row.Figures.Dollars is { } dollars && (dollars != 0m || row.Model is not ""))
            {
                json.WriteStartObject();
                json.WriteString("name", NameOf(row));
                Money.Write(json, "cost", Money.Cents(dollars));
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
        WriteUnpriced(json, rows.Where(row => row.Figures.IsUnpriced));
        json.WriteEndObject();
    }

    private static void WriteUnpriced(Utf8JsonWriter json, IEnumerable<UsageReportRow> rows)
    {
        if (!rows.Any())
        {
            return;
        }

        json.WriteStartArray("unpriced_line_items");
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("name", NameOf(row));
            json.WriteNumber("requests", row.Figures.UnpricedRequests);
            LedgerNotes.WriteTokens(json, row.Figures);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string NameOf(UsageReportRow row) => row.Model is { Length: > 0 } model ? model : NoModel;
}
