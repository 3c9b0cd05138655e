using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.ServiceDefaults.Logs;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Explains failures, to visitors by a page and to the operator by the log.</summary>
internal sealed partial class PageFailures(PageWriter writer, TimeProvider time, ILogger<PageFailures> logger)
{
    private readonly OncePerPeriod _failure = new(time, TimeSpan.FromMinutes(1));

    public Task ExplainAsync(HttpContext context, Exception e)
    {
        var frame = Frames.Of(context.Request);
        var words = frame.Words;
        var status = StatusOf(e);
        return status >= StatusCodes.Status500InternalServerError
            ? writer.WriteMessageAsync(context, frame, status, words.FailedTitle, words.Failed)
            : writer.WriteMessageAsync(context, frame, status, words.RefusedTitle, words.BadRequest);
    }

    private int StatusOf(Exception e)
    {
        switch (e)
        {
            case BadHttpRequestException bad:
                return bad.StatusCode;
            case InvalidDataException:
                return StatusCodes.Status400BadRequest;
            case LedgerAwayException away:
                // The ledger has said so in the log.
                return away.Status;
        }

        // The type says where to look; a message may quote what the caller sent.
        if (_failure.TryPass(out var others))
        {
            LogFailure(logger, e.GetType().Name, others, e.StackTrace);
        }

        return StatusCodes.Status500InternalServerError;
    }

    [LoggerMessage(3301, LogLevel.Error, "The usage page failed with {Exception}; {Others} more in the minutes before. {StackTrace}")]
    private static partial void LogFailure(ILogger logger, string exception, long others, string? stackTrace);
}
