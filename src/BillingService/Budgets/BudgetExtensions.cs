using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Budgets;

internal static class BudgetExtensions
{
    public static void AddBudgets(this IServiceCollection services)
    {
        services.AddSingleton<SpentSums>();
        services.AddSingleton<SpentEndpoint>();
        services.AddSingleton<PricesEndpoint>();
        services.AddSingleton<BudgetBoard>();
    }

    /// <summary>Maps what gateways ask to judge budgets. Whoever maps it says who may call it.</summary>
    public static IEndpointConventionBuilder MapBudgets(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("");
        group.MapGet(SpentReport.Path, (HttpContext context, SpentEndpoint spent) => spent.GetAsync(context));
        group.MapGet(PriceFilePath.Path, (HttpContext context, PricesEndpoint prices) => prices.GetAsync(context));
        return group;
    }
}
