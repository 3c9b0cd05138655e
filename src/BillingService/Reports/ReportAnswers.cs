using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>Answers <c>GET /billing/usage</c>: the caller's own usage, the admin's that of all keys. Always from the ledger.</summary>
internal sealed class ReportAnswers(UsageReports reports, TimeProvider time)
{
    /// <summary>The header of a page after which there is another: what <c>after</c> of that one is.</summary>
    public const string NextHeader = "x-openaiproxy-next";

    /// <param name="key">Whose usage; null for that of all keys.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="query">The same, read.</param>
    public Answer Answer(string? key, HttpRequest request, ReportQuery query)
    {
        var context = request.HttpContext;
        var now = time.GetUtcNow();
        var isCsv = query.Format == ReportFormat.Csv;
        var total = new FiguresSum();
        var rows = query.Page.Of(reports.RowsAsync(
            new ReportScope(key, query.Range.Start, query.Range.End) { Zone = TimeZones.UnlessUtc(query.Zone) },
            query.GroupBy, total, timed: true, context.RequestAborted));
        if (isCsv)
        {
            context.Response.Headers.ContentDisposition = ReportCsv.Disposition(query.Range.Start, query.Range.Last);
        }

        return new Answer(default, now)
        {
            Source = AnswerSource.Ledger,
            ContentType = isCsv ? ReportCsv.ContentType : "application/json",
            Write = async body =>
            {
                await (isCsv
                    ? ReportCsv.WriteAsync(body, rows, query.GroupBy, query.Page, ReportCsv.IsForSheet(request))
                    : ReportJson.WriteAsync(body, rows, query, total));
                if (query.Page.Next is { } next)
                {
                    context.Response.Headers[NextHeader] = next;
                }
            },
        };
    }
}
