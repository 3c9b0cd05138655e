namespace OpenAIProxy.BillingService.Upstream;

/// <summary>Registers the way to upstream.</summary>
internal static class UpstreamServices
{
    public static void AddUpstream(this IServiceCollection services)
    {
        services.AddSingleton<UpstreamClient>();
        services.AddSingleton<OrganizationCosts>();
        services.AddSingleton<UpstreamBilling>();
    }
}
