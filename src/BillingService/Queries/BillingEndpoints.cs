using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Focus;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>The routes, each with and without <c>/v1</c>.</summary>
internal static class BillingEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void AddQueries(this IServiceCollection services, QuerySettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<UpstreamAnswers>();
        services.AddSingleton<LedgerAnswers>();
        services.AddSingleton<BillingQueries>();
    }

    public static void MapBilling(this IEndpointRouteBuilder routes)
    {
        MapQueries(routes.MapGroup(""));
        var v1 = routes.MapGroup("/v1");
        MapQueries(v1);
        // A gateway sends it only for an access key: a caller's own key asks upstream.
        v1.MapMethods("/usage", Methods, BalanceAsync).WithMetadata(new LedgerOnly());
    }

    private static void MapQueries(RouteGroupBuilder group)
    {
        group.AddEndpointFilter<AnswerFilter>().AddEndpointFilter<CallerFilter>();
        group.MapMethods("/billing/credit_grants", Methods, CreditGrantsAsync);
        group.MapMethods("/billing/usage", Methods, Report).WithMetadata(new LedgerOnly());
        group.MapMethods("/dashboard/billing/credit_grants", Methods, CreditGrantsAsync);
        group.MapMethods("/dashboard/billing/usage", Methods, UsageAsync);
        group.MapMethods("/dashboard/billing/subscription", Methods, SubscriptionAsync);
    }

    private static Task<Answer> CreditGrantsAsync(HttpContext context, BillingQueries queries)
        => queries.CreditGrantsAsync(Caller.Of(context), context.Request.Query, WantsFresh(context.Request), context.RequestAborted);

    private static Task<Answer> UsageAsync(HttpContext context, BillingQueries queries)
        => queries.UsageAsync(Caller.Of(context), context.Request.Query, WantsFresh(context.Request), context.RequestAborted);

    private static Task<Answer> SubscriptionAsync(HttpContext context, BillingQueries queries)
        => queries.SubscriptionAsync(Caller.Of(context), WantsFresh(context.Request), context.RequestAborted);

    private static Task<Answer> BalanceAsync(HttpContext context, LedgerAnswers ledger)
        => ledger.BalanceAsync(Caller.Of(context), context.RequestAborted);

    private static Answer Report(HttpContext context, ReportAnswers reports, FocusAnswers focus, TimeProvider time)
    {
        var key = Caller.Of(context).Key;
        var query = ReportQuery.Read(context.Request.Query, time.GetUtcNow());
        return query.Format == ReportFormat.Focus
            ? focus.Answer(new ReportScope(key, query.Range.Start, query.Range.End), query.Range, context)
            : reports.Answer(key, context.Request, query);
    }

    private static bool WantsFresh(HttpRequest request)
        => request.Headers.CacheControl.Any(line => line!.Split(',').Any(d => d.Trim().Equals("no-cache", StringComparison.OrdinalIgnoreCase)));
}
