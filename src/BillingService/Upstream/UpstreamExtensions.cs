namespace OpenAIProxy.BillingService.Upstream;

internal static class UpstreamExtensions
{
    public static void AddUpstream(this IServiceCollection services, UpstreamSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<UpstreamClient>();
        services.AddSingleton<OrganizationCosts>();
        services.AddSingleton<UpstreamBilling>();
    }
}
