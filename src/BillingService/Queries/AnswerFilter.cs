using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>Writes the <see cref="Answer"/> that a route's handler returns.</summary>
internal sealed partial class AnswerFilter(TimeProvider time, ILogger<AnswerFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        var headers = context.Response.Headers;
        // Between us and the caller nobody may keep what a key has cost, or an error about it.
        headers.CacheControl = "no-store";
        var answer = (Answer)(await next(invocation))!;
        await AnswerWriter.WriteAsync(context, answer, time.GetUtcNow());
        if (logger.IsEnabled(LogLevel.Debug))
        {
            LogAnswer(logger, ((RouteEndpoint)context.GetEndpoint()!).RoutePattern.RawText!, Caller.Of(context).Key ?? "the admin",
                answer.Status, headers[AnswerWriter.SourceHeader]!, headers[AnswerWriter.CacheHeader]!);
        }

        return Results.Empty;
    }

    [LoggerMessage(3001, LogLevel.Debug, "{Route} for {KeyId}: {Status} from {Source}, cache {Cache}")]
    private static partial void LogAnswer(ILogger logger, string route, string keyId, int status, string source, string cache);
}
