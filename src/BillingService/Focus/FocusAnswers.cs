using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.Contracts;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Focus;

/// <summary>Answers with a FOCUS file.</summary>
internal sealed class FocusAnswers(FocusReports reports, UsageLedger ledger, OpenAISettings openAI, TimeProvider time)
{
    private readonly FocusCsv _csv = new(FocusProvider.Of(openAI.BaseUrl));

    /// <summary>As an answer of the API.</summary>
    /// <param name="scope">Whose usage.</param>
    /// <param name="range">Of which days.</param>
    /// <param name="context">Who asks.</param>
    public Answer Answer(ReportScope scope, DateRange range, HttpContext context)
    {
        Describe(context, range);
        return new Answer(default, time.GetUtcNow())
        {
            Source = AnswerSource.Ledger,
            ContentType = ReportCsv.ContentType,
            Write = body => WriteAsync(body, scope, range, context.RequestAborted),
        };
    }

    /// <summary>As a file of the page.</summary>
    public Task WriteAsync(HttpContext context, ReportScope scope, DateRange range)
    {
        Describe(context, range);
        context.Response.ContentType = ReportCsv.ContentType;
        return StreamedBody.WriteAsync(context, body => WriteAsync(body, scope, range, context.RequestAborted));
    }

    private static void Describe(HttpContext context, DateRange range)
        => context.Response.Headers.ContentDisposition = ReportCsv.Disposition(range.Start, range.Last, "focus");

    private async Task WriteAsync(StreamedBody body, ReportScope scope, DateRange range, CancellationToken cancellationToken)
    {
        var leftOut = new UsageCounts();
        await _csv.WriteAsync(body, reports.GroupsAsync(scope, leftOut, cancellationToken), leftOut, range, await ledger.KeyNamesAsync(cancellationToken));
    }
}
