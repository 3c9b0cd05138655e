namespace OpenAIProxy.BillingService.Accounts;

internal static class AccountExtensions
{
    public static void AddAccounts(this IServiceCollection services, AccountSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<GatewayTrust>();
        services.AddSingleton<UsageAccess>();
        services.AddSingleton<WrongKeys>();
    }
}
