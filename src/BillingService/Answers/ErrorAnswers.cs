using OpenAIProxy.ServiceDefaults.Errors;
using OpenAIProxy.ServiceDefaults.Logs;

namespace OpenAIProxy.BillingService.Answers;

/// <summary>Gives OpenAI's error object to everything that ends without an answer.</summary>
internal sealed partial class ErrorAnswers(RequestDelegate next, TimeProvider time, ILogger<ErrorAnswers> logger)
{
    private readonly OncePerPeriod _failure = new(time, TimeSpan.FromMinutes(1));

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            await ExplainAsync(context);
        }
        catch (BillingException e)
        {
            await OpenAIError.WriteAsync(context, e.Status, e.Code, e.Message, e.Param);
        }
        catch (Exception e) when (ClientLeft.Explains(context, e))
        {
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }
        }
        catch (BadHttpRequestException e)
        {
            await OpenAIError.WriteAsync(context, e.StatusCode, "invalid_request", e.Message);
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            // The type says where to look; a message may quote what the caller sent.
            if (_failure.TryPass(out var others))
            {
                LogFailure(logger, e.GetType().Name, others, e.StackTrace);
            }

            await OpenAIError.WriteAsync(context, StatusCodes.Status500InternalServerError, "internal_error", "The billing service failed to answer.");
        }
    }

    private static Task ExplainAsync(HttpContext context) => context.Response switch
    {
        { HasStarted: true } or { ContentLength: not null } => Task.CompletedTask,
        { StatusCode: StatusCodes.Status404NotFound } => OpenAIError.WriteAsync(context, StatusCodes.Status404NotFound, "unknown_url",
            $"Unknown request URL: {context.Request.Method} {context.Request.Path}."),
        { StatusCode: StatusCodes.Status405MethodNotAllowed } => OpenAIError.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "method_not_allowed",
            $"{context.Request.Method} is not allowed here; use {(context.Response.Headers.Allow == HttpMethods.Post ? HttpMethods.Post : HttpMethods.Get)}."),
        _ => Task.CompletedTask,
    };

    [LoggerMessage(3002, LogLevel.Error, "A billing query failed with {Exception}; {Others} more in the minutes before. {StackTrace}")]
    private static partial void LogFailure(ILogger logger, string exception, long others, string? stackTrace);
}
