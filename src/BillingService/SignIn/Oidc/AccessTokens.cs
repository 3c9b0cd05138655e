using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenAIProxy.BillingService.Accounts;

namespace OpenAIProxy.BillingService.SignIn.Oidc;

/// <summary>Checks access tokens of the provider that are JWTs (RFC 9068), for the admin API.</summary>
internal sealed class AccessTokens(OidcSettings settings, IOptionsMonitor<OpenIdConnectOptions> options, TimeProvider time) : ITokenIssuer
{
    private readonly SignedTokens _handler = new();

    public bool IsNamedIn(string token)
    {
        try
        {
            return _handler.CanReadToken(token) && _handler.ReadJsonWebToken(token).Issuer.TrimEnd('/') == settings.Authority.AbsoluteUri.TrimEnd('/');
        }
        catch (ArgumentException)
        {
            // It looks like one, and is none.
            return false;
        }
    }

    /// <summary>Whose token this is; nobody's if it is no token that is taken here.</summary>
    public async Task<OidcOutcome> CheckAsync(string token, CancellationToken cancellationToken)
    {
        if (!_handler.CanReadToken(token))
        {
            return new OidcOutcome(null, OidcFailure.Refused);
        }

        var manager = options.Get(OidcFlow.Scheme).ConfigurationManager!;
        try
        {
            // The check itself would take a provider that is away for one without keys.
            await manager.GetConfigurationAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return OidcOutcome.Of(e) with { Failure = OidcFailure.Away };
        }

        var rules = TokenRules.For(settings.Audience, time);
        rules.ConfigurationManager = (BaseConfigurationManager)manager;
        var result = await _handler.ValidateTokenAsync(token, rules);
        return result.IsValid
            ? OidcOutcome.Of(ProviderUser.Of(new ClaimsPrincipal(result.ClaimsIdentity), settings))
            : new OidcOutcome(null, OidcFailure.Refused);
    }
}
