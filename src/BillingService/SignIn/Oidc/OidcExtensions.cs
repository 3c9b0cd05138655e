using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using OpenAIProxy.BillingService.Accounts;

namespace OpenAIProxy.BillingService.SignIn.Oidc;

internal static class OidcExtensions
{
    /// <summary>Registers signing in by an identity provider. Nothing of it is there without <paramref name="settings"/>.</summary>
    public static void AddOidc(this IServiceCollection services, OidcSettings? settings)
    {
        if (settings is null)
        {
            return;
        }

        services.AddSingleton(settings);
        services.AddSingleton<IConfigureOptions<OpenIdConnectOptions>, OidcOptions>();
        services.AddTransient<OidcHandler>();
        services.AddSingleton<ProviderMetadata>();
        services.AddSingleton<OidcFlow>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<ITokenIssuer>(provider => provider.GetRequiredService<AccessTokens>());
    }
}
