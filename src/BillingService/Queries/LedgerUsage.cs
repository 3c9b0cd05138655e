using System.Text.Json;
using OpenAIProxy.BillingService.Answers;
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
    /// <param name="body">Where to.</param>
    /// <param name="range">The days.</param>
    /// <param name="rows">The report's rows, by day. They are written as they come: names that callers make up may be many.</param>
    /// <param name="total">All of it, once the rows have been read.</param>
    public static async Task WriteAsync(StreamedBody body, DateRange range, IAsyncEnumerable<UsageReportRow> rows, FiguresSum total)
    {
        await using var json = new Utf8JsonWriter(body.Writer);
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("daily_costs");
        var unpriced = new List<Unpriced>();
        var day = range.Start;
        StartDay(json, day);
        await foreach (var row in rows)
        {
            for (; day < row.Day; StartDay(json, day))
            {
                EndDay(json, unpriced);
                day = day.AddDays(1);
            }

            WriteItem(json, row);
            if (row.Figures.IsUnpriced)
            {
                unpriced.Add(new Unpriced(NameOf(row), row.Figures.UnpricedRequests, row.Figures.Counts.Input, row.Figures.Counts.Output));
            }

            await body.SendIfFullAsync(json);
        }

        for (; day.AddDays(1) < range.End; StartDay(json, day))
        {
            EndDay(json, unpriced);
            day = day.AddDays(1);
        }

        EndDay(json, unpriced);
        json.WriteEndArray();
        var figures = total.ToFigures();
        Money.Write(json, "total_usage", Money.Cents(figures.Dollars ?? 0m));
        LedgerNotes.Write(json, figures, Money.Cents(figures.EstimatedDollars));
        json.WriteEndObject();
        await json.FlushAsync();
    }

    private static void StartDay(Utf8JsonWriter json, DateOnly day)
    {
        json.WriteStartObject();
        json.WriteNumber("timestamp", DateRange.UnixSeconds(day));
        json.WriteStartArray("line_items");
    }

    private static void WriteItem(Utf8JsonWriter json, UsageReportRow row)
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

    private static void EndDay(Utf8JsonWriter json, List<Unpriced> unpriced)
    {
        json.WriteEndArray();
        if (unpriced.Count > 0)
        {
            json.WriteStartArray("unpriced_line_items");
            foreach (var item in unpriced)
            {
                json.WriteStartObject();
                json.WriteString("name", item.Name);
                json.WriteNumber("requests", item.Requests);
                LedgerNotes.WriteTokens(json, item.Input, item.Output);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            unpriced.Clear();
        }

        json.WriteEndObject();
    }

    private static string NameOf(UsageReportRow row) => row.Model is { Length: > 0 } model ? model : NoModel;

    // Of a day's usage without a price, what is written at the day's end.
    private readonly record struct Unpriced(string Name, long Requests, long Input, long Output);
}
