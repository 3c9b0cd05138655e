namespace OpenAIProxy.BillingService.Accounts;

internal static class AccountExtensions
{
    public static void AddAccounts(this IServiceCollection services, AccountSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<GatewayTrust>();
        services.AddSingleton<Callers>();
        services.AddSingleton<KeyCheck>();
        services.AddSingleton<WrongKeys>();
    }
}
