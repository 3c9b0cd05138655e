using OpenAIProxy.Gateway.Configuration;

namespace OpenAIProxy.Gateway.Billing;

internal static class BillingExtensions
{
    public static void AddBillingState(this IServiceCollection services, GatewaySettings settings)
    {
        services.AddSingleton<BillingState>();
        if (settings.Billing is not null)
        {
            services.AddSingleton<BillingProbe>();
            services.AddSingleton<BillingWatch>();
            services.AddHealthChecks().AddCheck<BillingHealth>("billing");
        }
    }
}
