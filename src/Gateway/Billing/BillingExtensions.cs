namespace OpenAIProxy.Gateway.Billing;

/// <summary>Registers the way to the billing service.</summary>
internal static class BillingExtensions
{
    public static void AddBilling(this IServiceCollection services, BillingServiceSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(BillingDial.Network);
        services.AddSingleton<BillingState>();
        services.AddSingleton<BillingForwarder>();
        if (settings.Address is not null)
        {
            services.AddSingleton<BillingProbe>();
            services.AddSingleton<BillingWatch>();
            services.AddHealthChecks().AddCheck<BillingHealth>("billing");
        }
    }
}
