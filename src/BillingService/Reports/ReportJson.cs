using System.Text.Json;
using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>Writes a report as JSON. Both dates are in it; money is in dollars, and null where nothing has a price.</summary>
internal static class ReportJson
{
    /// <param name="body">Where to.</param>
    /// <param name="rows">The rows, written as they come.</param>
    /// <param name="query">What was asked.</param>
    /// <param name="total">All that was asked about, once the rows have been read.</param>
    public static async Task WriteAsync(StreamedBody body, IAsyncEnumerable<UsageReportRow> rows, ReportQuery query, FiguresSum total)
    {
        await using var json = new Utf8JsonWriter(body.Writer);
        json.WriteStartObject();
        json.WriteString("object", "usage_report");
        json.WriteString("start_date", DateRange.Text(query.Range.Start));
        json.WriteString("end_date", DateRange.Text(query.Range.Last));
        WriteText(json, "time_zone", query.Zone?.Id);
        json.WriteStartArray("group_by");
        foreach (var (name, value) in ReportQuery.Groups)
        {
            if (query.GroupBy.HasFlag(value))
            {
                json.WriteStringValue(name);
            }
        }

        json.WriteEndArray();
        json.WriteStartArray("rows");
        await foreach (var row in rows)
        {
            json.WriteStartObject();
            WriteText(json, "day", row.Day is { } day ? DateRange.Text(day) : null);
            WriteText(json, "model", row.Model);
            WriteText(json, "endpoint", row.Endpoint);
            WriteText(json, "key", row.Key);
            WriteText(json, "key_name", row.KeyName);
            WriteText(json, "end_user", row.EndUser);
            WriteText(json, "team", row.Team);
            WriteText(json, "owner", row.Owner);
            WriteFigures(json, row.Figures);
            json.WriteEndObject();
            await body.SendIfFullAsync(json, isHeld: query.Page.IsLimited);
        }

        json.WriteEndArray();
        json.WriteBoolean("has_more", query.Page.Next is not null);
        json.WriteString("next", query.Page.Next);
        json.WriteStartObject("total");
        WriteFigures(json, total.ToFigures());
        json.WriteEndObject();
        json.WriteString("source", AnswerSource.Ledger);
        json.WriteEndObject();
        await json.FlushAsync();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static void WriteFigures(Utf8JsonWriter json, UsageFigures figures)
    {
        foreach (var (name, value) in ReportFields.Counts)
        {
            Money.Write(json, name, value(figures));
        }

        if (figures.Dollars is { } dollars)
        {
            Money.Write(json, "cost_usd", dollars);
        }
        else
        {
            json.WriteNull("cost_usd");
        }

        Money.Write(json, "estimated_cost_usd", figures.EstimatedDollars);
        json.WriteBoolean("unpriced", figures.IsUnpriced);
        WriteTimes(json, "duration_ms", figures.DurationP50, figures.DurationP95);
        WriteTimes(json, "time_to_first_token_ms", figures.FirstTokenP50, figures.FirstTokenP95);
    }

    private static void WriteTimes(Utf8JsonWriter json, string name, double? half, double? nearly)
    {
        if (ReportFields.Shown(half) is not { } p50 || ReportFields.Shown(nearly) is not { } p95)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("p50", p50);
        json.WriteNumber("p95", p95);
        json.WriteEndObject();
    }
}
