using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.ServiceDefaults.Logs;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>The routes under <c>/usage</c>. Whatever goes wrong there ends in a page: a person reads it.</summary>
internal sealed partial class PageEndpoints(PageWriter writer, TimeProvider time, ILogger<PageEndpoints> logger)
{
    private readonly OncePerPeriod _failure = new(time, TimeSpan.FromMinutes(1));

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Writing = [HttpMethods.Post];

    private delegate Task Page(UsagePages pages, HttpContext context);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/usage", Reading, Guarded((pages, context) => pages.ShowAsync(context)));
        routes.MapMethods("/usage/export.csv", Reading, Guarded((pages, context) => pages.ExportAsync(context)));
        routes.MapMethods("/usage/sign-in", Writing, Guarded((pages, context) => pages.SignInAsync(context)));
        routes.MapMethods("/usage/sign-out", Writing, Guarded((pages, context) => pages.SignOutAsync(context)));
        // Also for the methods that the others don't take.
        routes.Map("/usage/{**rest}", Guarded((pages, context) => pages.NotFoundAsync(context)));
    }

    private RequestDelegate Guarded(Page page) => async context =>
    {
        PageWriter.Secure(context.Response);
        try
        {
            await page(context.RequestServices.GetRequiredService<UsagePages>(), context);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await ExplainAsync(context, e.StatusCode);
        }
        catch (InvalidDataException) when (!context.Response.HasStarted)
        {
            await ExplainAsync(context, StatusCodes.Status400BadRequest);
        }
        catch (LedgerAwayException) when (!context.Response.HasStarted)
        {
            // The ledger has said so in the log.
            await ExplainAsync(context, StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception e) when (!context.Response.HasStarted && !ClientLeft.Explains(context, e))
        {
            // The type says where to look; a message may quote what the caller sent.
            if (_failure.TryPass(out var others))
            {
                LogFailure(logger, e.GetType().Name, others, e.StackTrace);
            }

            await ExplainAsync(context, StatusCodes.Status500InternalServerError);
        }
    };

    private Task ExplainAsync(HttpContext context, int status)
    {
        var frame = Frames.Of(context.Request);
        var words = frame.Words;
        return status >= StatusCodes.Status500InternalServerError
            ? writer.WriteMessageAsync(context, frame, status, words.FailedTitle, words.Failed)
            : writer.WriteMessageAsync(context, frame, status, words.RefusedTitle, words.BadRequest);
    }

    [LoggerMessage(3301, LogLevel.Error, "The usage page failed with {Exception}; {Others} more in the minutes before. {StackTrace}")]
    private static partial void LogFailure(ILogger logger, string exception, long others, string? stackTrace);
}
