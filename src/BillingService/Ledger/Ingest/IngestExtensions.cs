using OpenAIProxy.BillingService.Ledger.Live;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Ingest;

internal static class IngestExtensions
{
    public static void AddIngest(this IServiceCollection services)
    {
        services.AddSingleton<RecentCalls>();
        services.AddSingleton<CallIntake>();
        services.AddSingleton<IngestEndpoint>();
    }

    /// <summary>Maps <c>POST /internal/usage</c>. Whoever maps it says who may call it.</summary>
    public static RouteHandlerBuilder MapIngest(this IEndpointRouteBuilder routes)
        => routes.MapPost(UsageBatch.Path, (HttpContext context, IngestEndpoint ingest) => ingest.PostAsync(context));
}
