namespace OpenAIProxy.BillingService.Queries;

/// <summary>Registers the answers to billing queries.</summary>
internal static class QueryExtensions
{
    public static void AddQueries(this IServiceCollection services)
    {
        services.AddSingleton<AdminDoor>();
        services.AddSingleton<UpstreamAnswers>();
        services.AddSingleton<LedgerAnswers>();
        services.AddSingleton<BillingQueries>();
    }
}
