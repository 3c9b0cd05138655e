namespace OpenAIProxy.Gateway.Billing;

internal static class BillingExtensions
{
    public static void AddBillingState(this IServiceCollection services, BillingServiceSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<BillingState>();
        if (settings.Address is not null)
        {
            services.AddSingleton<BillingProbe>();
            services.AddSingleton<BillingWatch>();
            services.AddHealthChecks().AddCheck<BillingHealth>("billing");
        }
    }
}
