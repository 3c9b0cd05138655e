using System.Globalization;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Budgets;

/// <summary><c>GET /internal/spent</c>: what keys have spent, by which gateways know what is left of budgets after a restart.</summary>
internal sealed class SpentEndpoint(UsageReports reports, TimeProvider time)
{
    private const decimal MicroDollars = 1_000_000m;

    private static readonly DateOnly First = DateOnly.FromDateTime(DateTime.UnixEpoch);

    public async Task GetAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var zone = TimeZones.Read(query);
        var from = query[SpentReport.From].ToString() is { Length: > 0 } text ? Day(text) : First;
        // A gateway's clock may be ahead, and so may its zone.
        var end = TimeZones.Today(time.GetUtcNow(), zone).AddDays(2);
        var spent = new Dictionary<string, long>(StringComparer.Ordinal);
        var scope = new ReportScope(null, from, end) { Zone = TimeZones.UnlessUtc(zone) };
        await foreach (var row in reports.RowsAsync(scope, GroupBy.Key, new FiguresSum(), timed: false, context.RequestAborted))
        {
            if (row.Key is { } key && row.Figures.Dollars is > 0m and var dollars)
            {
                spent[key] = (long)Math.Ceiling(dollars * MicroDollars);
            }
        }

        await context.Response.WriteAsJsonAsync(new SpentReport(spent), ContractsJson.Default.SpentReport, cancellationToken: context.RequestAborted);
    }

    private static DateOnly Day(string text)
        => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new BillingException(
                StatusCodes.Status400BadRequest, "invalid_date", $"{SpentReport.From} must be a date, such as 2026-11-01.", SpentReport.From);
}
