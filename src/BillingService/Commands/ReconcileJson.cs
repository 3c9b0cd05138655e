using System.Text.Json;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Commands;

/// <summary>Writes the days' dollars for programs. What the ledger's usage cost is null where no part of it has a price, and so is the drift.</summary>
internal static class ReconcileJson
{
    public static void Write(Utf8JsonWriter json, DateRange range, UsageReport report, IReadOnlyDictionary<DateOnly, decimal> costs)
    {
        var ledger = report.Rows.ToDictionary(row => row.Day!.Value, row => row.Figures);
        json.WriteString("object", "reconciliation");
        json.WriteString("start_date", DateRange.Text(range.Start));
        json.WriteString("end_date", DateRange.Text(range.Last));
        json.WriteStartArray("days");
        for (var day = range.Start; day < range.End; day = day.AddDays(1))
        {
            json.WriteStartObject();
            json.WriteString("day", DateRange.Text(day));
            WriteFigures(json, ledger.GetValueOrDefault(day), costs.GetValueOrDefault(day));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("total");
        WriteFigures(json, report.Total, costs.Values.Sum());
        json.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter json, UsageFigures? figures, decimal theirs)
    {
        var isUnpriced = figures is { IsUnpriced: true };
        var ours = isUnpriced ? figures!.Dollars : figures?.Dollars ?? 0m;
        WriteAmount(json, "ledger_usd", ours);
        WriteAmount(json, "openai_usd", theirs);
        WriteAmount(json, "drift_usd", ours - theirs);
        json.WriteBoolean("unpriced", isUnpriced);
        json.WriteNumber("unpriced_requests", figures?.UnpricedRequests ?? 0);
    }

    private static void WriteAmount(Utf8JsonWriter json, string name, decimal? dollars)
    {
        if (dollars is { } known)
        {
            Money.Write(json, name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
