using Microsoft.Extensions.Primitives;
using OpenAIProxy.BillingService.Caching;
using OpenAIProxy.BillingService.Upstream;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>The routes, each with and without <c>/v1</c>.</summary>
internal static partial class BillingEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    private delegate Task<CachedAnswer> Query(BillingQueries queries, Credential credential, HttpRequest request, bool fresh);

    public static void MapBilling(this IEndpointRouteBuilder routes)
    {
        foreach (var version in (ReadOnlySpan<string>)["", "/v1"])
        {
            Map(routes, version + "/billing/credit_grants", CreditGrants);
            Map(routes, version + "/dashboard/billing/credit_grants", CreditGrants);
            Map(routes, version + "/dashboard/billing/usage", (queries, credential, request, fresh)
                => queries.UsageAsync(credential, request.Query, fresh, request.HttpContext.RequestAborted));
            Map(routes, version + "/dashboard/billing/subscription", (queries, credential, request, fresh)
                => queries.SubscriptionAsync(credential, fresh, request.HttpContext.RequestAborted));
        }
    }

    private static Task<CachedAnswer> CreditGrants(BillingQueries queries, Credential credential, HttpRequest request, bool fresh)
        => queries.CreditGrantsAsync(credential, request.Query, fresh, request.HttpContext.RequestAborted);

    private static void Map(IEndpointRouteBuilder routes, string path, Query query)
    {
        var queries = routes.ServiceProvider.GetRequiredService<BillingQueries>();
        var time = routes.ServiceProvider.GetRequiredService<TimeProvider>();
        var logger = routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("OpenAIProxy.BillingService.Queries");
        routes.MapMethods(path, Methods, async (HttpContext context) =>
        {
            AnswerWriter.Mark(context.Response);
            var credential = Credential.Read(context.Request.Headers);
            try
            {
                var answer = await query(queries, credential, context.Request, WantsFresh(context.Request.Headers.CacheControl));
                await AnswerWriter.WriteAsync(context, answer, time.GetUtcNow());
            }
            catch (UpstreamException e)
            {
                await AnswerWriter.WriteAsync(context, e, time.GetUtcNow());
            }

            if (logger.IsEnabled(LogLevel.Debug))
            {
                LogAnswer(logger, path, KeyId.Of(credential.Token), context.Response.StatusCode, context.Response.Headers[AnswerWriter.CacheHeader]!);
            }
        });
    }

    private static bool WantsFresh(StringValues cacheControl)
        => cacheControl.Any(line => line!.Split(',').Any(directive => directive.Trim().Equals("no-cache", StringComparison.OrdinalIgnoreCase)));

    [LoggerMessage(3001, LogLevel.Debug, "{Route} for {KeyId}: {Status}, cache {Cache}")]
    private static partial void LogAnswer(ILogger logger, string route, KeyId keyId, int status, string cache);
}
