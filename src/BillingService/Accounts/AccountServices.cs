namespace OpenAIProxy.BillingService.Accounts;

/// <summary>Registers what finds out who asks.</summary>
internal static class AccountServices
{
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<GatewayTrust>();
        services.AddSingleton<Callers>();
        services.AddSingleton<KeyCheck>();
        services.AddSingleton<WrongKeys>();
    }
}
