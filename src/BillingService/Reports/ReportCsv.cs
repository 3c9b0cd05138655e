using System.Globalization;
using System.Text;
using OpenAIProxy.BillingService.Queries;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>Writes a report as CSV (RFC 4180), with a row of names first and without the total: sheets add up by themselves.</summary>
internal static class ReportCsv
{
    public const string ContentType = "text/csv; charset=utf-8";

    /// <summary>The Content-Disposition of a file with these days.</summary>
    public static string Disposition(DateOnly first, DateOnly last) => $"attachment; filename=\"usage_{DateRange.Text(first)}_{DateRange.Text(last)}.csv\"";

    private const string LineEnd = "\r\n";

    public static ReadOnlyMemory<byte> Write(UsageReport report, GroupBy groupBy)
    {
        var text = new StringBuilder();
        var groups = ReportQuery.Groups.Where(g => groupBy.HasFlag(g.Value)).Select(g => g.Name);
        text.AppendJoin(',', groups.Concat(ReportFields.Counts.Select(c => c.Name)).Concat(
        [
            "cost_usd", "estimated_cost_usd", "unpriced", "duration_p50_ms", "duration_p95_ms", "time_to_first_token_p50_ms", "time_to_first_token_p95_ms",
        ])).Append(LineEnd);
        foreach (var row in report.Rows)
        {
            text.AppendJoin(',', Values(row)).Append(LineEnd);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static IEnumerable<string> Values(UsageReportRow row)
    {
        if (row.Day is { } day)
        {
            yield return DateRange.Text(day);
        }

        foreach (var name in (string?[])[row.Model, row.Endpoint, row.Key])
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
