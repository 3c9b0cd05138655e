using Microsoft.Extensions.Primitives;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>The routes, each with and without <c>/v1</c>.</summary>
internal static partial class BillingEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    private delegate Task<Answer> Query(Asker asker, HttpRequest request, bool fresh);

    public static void MapBilling(this IEndpointRouteBuilder routes)
    {
        var queries = routes.ServiceProvider.GetRequiredService<BillingQueries>();
        var reports = routes.ServiceProvider.GetRequiredService<ReportAnswers>();
        Query creditGrants = (asker, request, fresh) => queries.CreditGrantsAsync(asker, request.Query, fresh, request.HttpContext.RequestAborted);
        Query usage = (asker, request, fresh) => queries.UsageAsync(asker, request.Query, fresh, request.HttpContext.RequestAborted);
        Query subscription = (asker, request, fresh) => queries.SubscriptionAsync(asker, fresh, request.HttpContext.RequestAborted);
        var ledger = routes.ServiceProvider.GetRequiredService<LedgerAnswers>();
        // A gateway sends it only for an access key: a caller's own key asks upstream.
        Map(routes, "/v1/usage", (asker, request, _) => ledger.BalanceAsync(asker.Key, request.HttpContext.RequestAborted), mayAskUpstream: false);
        foreach (var version in (ReadOnlySpan<string>)["", "/v1"])
        {
            Map(routes, version + "/billing/credit_grants", creditGrants);
            Map(routes, version + "/billing/usage", (asker, request, _) => Task.FromResult(reports.Answer(asker, request)), mayAskUpstream: false);
            Map(routes, version + "/dashboard/billing/credit_grants", creditGrants);
            Map(routes, version + "/dashboard/billing/usage", usage);
            Map(routes, version + "/dashboard/billing/subscription", subscription);
        }
    }

    private static void Map(IEndpointRouteBuilder routes, string path, Query query, bool mayAskUpstream = true)
    {
        var askers = routes.ServiceProvider.GetRequiredService<Askers>();
        var door = routes.ServiceProvider.GetRequiredService<AdminDoor>();
        var time = routes.ServiceProvider.GetRequiredService<TimeProvider>();
        var logger = routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("OpenAIProxy.BillingService.Queries");
        routes.MapMethods(path, Methods, (Delegate)(async (HttpContext context) =>
        {
            AnswerWriter.Mark(context.Response);
            var asker = Find(askers, door, context);
            // Who is asked first: an error comes from there. An answer says where it comes from itself.
            context.Response.Headers[AnswerWriter.SourceHeader] = asker.Credential is null ? AnswerSource.Ledger : AnswerSource.Upstream;
            var answer = await door.PassAsync(
                context, asker, mayAskUpstream, () => query(asker, context.Request, WantsFresh(context.Request.Headers.CacheControl)));
            await AnswerWriter.WriteAsync(context, answer, time.GetUtcNow());
            if (logger.IsEnabled(LogLevel.Debug))
            {
                LogAnswer(logger, path, asker.Key ?? "the admin", context.Response.StatusCode,
                    context.Response.Headers[AnswerWriter.SourceHeader]!, context.Response.Headers[AnswerWriter.CacheHeader]!);
            }
        }));
    }

    private static Asker Find(Askers askers, AdminDoor door, HttpContext context)
    {
        try
        {
            return askers.Find(context.Request.Headers);
        }
        catch (BillingException e) when (e.Code == Askers.InvalidKey)
        {
            throw door.Refuse(context, e);
        }
    }

    private static bool WantsFresh(StringValues cacheControl)
        => cacheControl.Any(line => line!.Split(',').Any(directive => directive.Trim().Equals("no-cache", StringComparison.OrdinalIgnoreCase)));

    [LoggerMessage(3001, LogLevel.Debug, "{Route} for {KeyId}: {Status} from {Source}, cache {Cache}")]
    private static partial void LogAnswer(ILogger logger, string route, string keyId, int status, string source, string cache);
}
