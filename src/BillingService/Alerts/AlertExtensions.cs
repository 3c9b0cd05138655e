using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Alerts;

internal static class AlertExtensions
{
    public static void AddAlerts(this IServiceCollection services, AlertSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<AlertStore>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<AlertService>();
        services.AddHostedService(s => s.GetRequiredService<AlertService>());
        services.AddSingleton<AlertEndpoint>();
    }

    /// <summary>Maps <c>POST /internal/alerts</c>. Whoever maps it says who may call it.</summary>
    public static RouteHandlerBuilder MapAlerts(this IEndpointRouteBuilder routes)
        => routes.MapPost(BudgetAlert.Path, (HttpContext context, AlertEndpoint alerts) => alerts.PostAsync(context));
}
