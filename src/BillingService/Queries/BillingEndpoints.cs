using Microsoft.Extensions.Primitives;
using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>The routes, each with and without <c>/v1</c>.</summary>
internal static partial class BillingEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    private delegate Task<Answer> Query(Caller caller, HttpRequest request, bool fresh);

    public static void MapBilling(this IEndpointRouteBuilder routes)
    {
        var queries = routes.ServiceProvider.GetRequiredService<BillingQueries>();
        var reports = routes.ServiceProvider.GetRequiredService<ReportAnswers>();
        Query creditGrants = (caller, request, fresh) => queries.CreditGrantsAsync(caller, request.Query, fresh, request.HttpContext.RequestAborted);
        Query usage = (caller, request, fresh) => queries.UsageAsync(caller, request.Query, fresh, request.HttpContext.RequestAborted);
        Query subscription = (caller, request, fresh) => queries.SubscriptionAsync(caller, fresh, request.HttpContext.RequestAborted);
        var ledger = routes.ServiceProvider.GetRequiredService<LedgerAnswers>();
        // A gateway sends it only for an access key: a caller's own key asks upstream.
        Map(routes, "/v1/usage", (caller, request, _) => ledger.BalanceAsync(caller.Key, request.HttpContext.RequestAborted), mayAskUpstream: false);
        foreach (var version in (ReadOnlySpan<string>)["", "/v1"])
        {
            Map(routes, version + "/billing/credit_grants", creditGrants);
            Map(routes, version + "/billing/usage", (caller, request, _) => Task.FromResult(reports.Answer(caller.Key, request)), mayAskUpstream: false);
            Map(routes, version + "/dashboard/billing/credit_grants", creditGrants);
            Map(routes, version + "/dashboard/billing/usage", usage);
            Map(routes, version + "/dashboard/billing/subscription", subscription);
        }
    }

    private static void Map(IEndpointRouteBuilder routes, string path, Query query, bool mayAskUpstream = true)
    {
        var callers = routes.ServiceProvider.GetRequiredService<Callers>();
        var door = routes.ServiceProvider.GetRequiredService<AdminDoor>();
        var time = routes.ServiceProvider.GetRequiredService<TimeProvider>();
        var logger = routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("OpenAIProxy.BillingService.Queries");
        routes.MapMethods(path, Methods, (Delegate)(async (HttpContext context) =>
        {
            AnswerWriter.Mark(context.Response);
            var caller = Find(callers, door, context);
            // Who is asked first: an error comes from there. An answer says where it comes from itself.
            context.Response.Headers[AnswerWriter.SourceHeader] = caller.Credential is null ? AnswerSource.Ledger : AnswerSource.Upstream;
            var answer = await door.PassAsync(
                context, caller, mayAskUpstream, () => query(caller, context.Request, WantsFresh(context.Request.Headers.CacheControl)));
            await AnswerWriter.WriteAsync(context, answer, time.GetUtcNow());
            if (logger.IsEnabled(LogLevel.Debug))
            {
                LogAnswer(logger, path, caller.Key ?? "the admin", context.Response.StatusCode,
                    context.Response.Headers[AnswerWriter.SourceHeader]!, context.Response.Headers[AnswerWriter.CacheHeader]!);
            }
        }));
    }

    private static Caller Find(Callers callers, AdminDoor door, HttpContext context)
    {
        try
        {
            return callers.Identify(context.Request.Headers);
        }
        catch (BillingException e) when (e.Code == Callers.InvalidKey)
        {
            throw door.Refuse(context, e);
        }
    }

    private static bool WantsFresh(StringValues cacheControl)
        => cacheControl.Any(line => line!.Split(',').Any(directive => directive.Trim().Equals("no-cache", StringComparison.OrdinalIgnoreCase)));

    [LoggerMessage(3001, LogLevel.Debug, "{Route} for {KeyId}: {Status} from {Source}, cache {Cache}")]
    private static partial void LogAnswer(ILogger logger, string route, string keyId, int status, string source, string cache);
}
