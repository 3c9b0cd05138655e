using OpenAIProxy.BillingService.Caching;
using OpenAIProxy.BillingService.Queries;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>Answers <c>GET /billing/usage</c>: the caller's own usage, the admin's that of all keys. Always from the ledger.</summary>
internal sealed class ReportAnswers(IUsageReports reports, TimeProvider time)
{
    public async Task<CachedAnswer> AnswerAsync(Asker asker, HttpRequest request)
    {
        var now = time.GetUtcNow();
        var query = ReportQuery.Read(request.Query, DateOnly.FromDateTime(now.UtcDateTime));
        var report = await reports.CreateAsync(asker.Key, query.Range.Start, query.Range.End, query.GroupBy, request.HttpContext.RequestAborted);
        if (!query.IsCsv)
        {
            return new CachedAnswer(ReportJson.Write(report, query), now, IsHit: false) { Source = AnswerSource.Ledger };
        }

        request.HttpContext.Response.Headers.ContentDisposition = ReportCsv.Disposition(query.Range.Start, query.Range.Last);
        return new CachedAnswer(ReportCsv.Write(report, query.GroupBy), now, IsHit: false)
        {
            Source = AnswerSource.Ledger,
            ContentType = ReportCsv.ContentType,
        };
    }
}
