using System.Globalization;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Budgets;

/// <summary><c>GET /internal/spent</c>: what keys have spent, by which gateways know what is left of budgets after a restart.</summary>
internal sealed class SpentEndpoint(SpentSums sums)
{
    public async Task GetAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var zone = TimeZones.Read(query);
        var spent = query[SpentReport.From].ToString() is { Length: > 0 } text
            ? (await sums.SinceAsync(null, [Day(text)], zone, context.RequestAborted))[0]
            : await sums.AllAsync(null, context.RequestAborted);
        var report = new SpentReport(spent.Where(key => key.Value.MicroDollars > 0).ToDictionary(key => key.Key, key => key.Value.MicroDollars));
        await context.Response.WriteAsJsonAsync(report, ContractsJson.Default.SpentReport, cancellationToken: context.RequestAborted);
    }

    private static DateOnly Day(string text)
        => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new BillingException(
                StatusCodes.Status400BadRequest, "invalid_date", $"{SpentReport.From} must be a date, such as 2026-11-01.", SpentReport.From);
}
