using OpenAIProxy.BillingService.Accounts;

namespace OpenAIProxy.BillingService.Keys;

internal static class KeyExtensions
{
    /// <summary>Registers the managed keys. They are kept beside the ledger.</summary>
    public static void AddKeys(this IServiceCollection services)
    {
        services.AddSingleton<KeyStore>();
        services.AddSingleton<IManagedKeys, SecretLookup>();
    }
}
