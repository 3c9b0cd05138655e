using System.Buffers;
using System.Globalization;
using System.Text;
using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>Writes a report as CSV (RFC 4180), with a row of names first and without the total: sheets add up by themselves.</summary>
internal static class ReportCsv
{
    public const string ContentType = "text/csv; charset=utf-8";

    /// <summary>The Content-Disposition of a file with these days.</summary>
    public static string Disposition(DateOnly first, DateOnly last, string what = "usage")
        => $"attachment; filename=\"{what}_{DateRange.Text(first)}_{DateRange.Text(last)}.csv\"";

    /// <summary>True if a browser asks: it hands the file to a sheet, and Excel takes one without a byte order mark for the system's old encoding.</summary>
    public static bool IsForSheet(HttpRequest request)
        => request.Headers["Sec-Fetch-Mode"].ToString() == "navigate"
            || request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private const string LineEnd = "\r\n";

    /// <param name="body">Where to.</param>
    /// <param name="rows">The rows, written as they come.</param>
    /// <param name="groupBy">What they are kept apart by.</param>
    /// <param name="page">Where the page ends.</param>
    /// <param name="isMarked">True if a byte order mark comes first.</param>
    public static async Task WriteAsync(StreamedBody body, IAsyncEnumerable<UsageReportRow> rows, GroupBy groupBy, ReportPage page, bool isMarked)
    {
        if (isMarked)
        {
            body.Writer.Write(Encoding.UTF8.Preamble);
        }

        var groups = ReportQuery.Groups.Where(g => groupBy.HasFlag(g.Value)).Select(g => g.Name);
        string[] names = groupBy.HasFlag(GroupBy.Key) ? ["key_name"] : [];
        WriteLine(body, groups.Concat(names).Concat(ReportFields.Counts.Select(c => c.Name)).Concat(
        [
            "cost_usd", "estimated_cost_usd", "unpriced", "duration_p50_ms", "duration_p95_ms", "time_to_first_token_p50_ms", "time_to_first_token_p95_ms",
        ]));
        await foreach (var row in rows)
        {
            WriteLine(body, Values(row));
            if (body.IsFull && !page.IsLimited)
            {
                await body.SendAsync();
            }
        }
    }

    private static void WriteLine(StreamedBody body, IEnumerable<string> cells)
        => Encoding.UTF8.GetBytes(string.Join(',', cells) + LineEnd, body.Writer);

    private static IEnumerable<string> Values(UsageReportRow row)
    {
        if (row.Day is { } day)
        {
            yield return DateRange.Text(day);
        }

        foreach (var name in (string?[])[row.Model, row.Endpoint, row.Key, row.EndUser, row.Team, row.Owner, row.Key is null ? null : row.KeyName ?? ""])
        {
            if (name is not null)
            {
                yield return CsvText.Of(name);
            }
        }

        var figures = row.Figures;
        foreach (var (_, value) in ReportFields.Counts)
        {
            yield return Number(value(figures));
        }

        yield return figures.Dollars is { } dollars ? Number(dollars) : "";
        yield return Number(figures.EstimatedDollars);
        yield return figures.IsUnpriced ? "true" : "false";
        foreach (var time in (double?[])[figures.DurationP50, figures.DurationP95, figures.FirstTokenP50, figures.FirstTokenP95])
        {
            yield return ReportFields.Shown(time)?.ToString(CultureInfo.InvariantCulture) ?? "";
        }
    }

    private static string Number(decimal value) => Money.Shortest(value).ToString(CultureInfo.InvariantCulture);
}
