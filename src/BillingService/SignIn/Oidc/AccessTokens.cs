using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenAIProxy.BillingService.Accounts;

namespace OpenAIProxy.BillingService.SignIn.Oidc;

/// <summary>Checks access tokens of the provider that are JWTs (RFC 9068), for the admin API.</summary>
internal sealed class AccessTokens(OidcSettings settings, ProviderMetadata metadata, TimeProvider time) : ITokenIssuer
{
    // OpenID Connect Core 2 and 3.1.3.6: what only an ID token has, which says who signed in somewhere, and not what its bearer may do.
    private static readonly string[] OfIdTokens = [JwtRegisteredClaimNames.Nonce, JwtRegisteredClaimNames.AtHash, JwtRegisteredClaimNames.CHash];

    private readonly SignedTokens _handler = new();

    public bool IsNamedIn(string token)
    {
        try
        {
            return _handler.CanReadToken(token) && _handler.ReadJsonWebToken(token) is { IsEncrypted: false } read
                && read.TryGetPayloadValue<string?>(JwtRegisteredClaimNames.Iss, out var issuer)
                && issuer?.TrimEnd('/') == settings.Authority.AbsoluteUri.TrimEnd('/');
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
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

        BaseConfigurationManager manager;
        try
        {
            // The check itself would take a provider that is away for one without keys.
            manager = await metadata.KnowAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return OidcOutcome.Of(e) with { Failure = OidcFailure.Away };
        }

        var rules = TokenRules.For(settings.Audience, time);
        rules.ConfigurationManager = manager;
        var result = await _handler.ValidateTokenAsync(token, rules);
        return result.IsValid && !Array.Exists(OfIdTokens, result.Claims.ContainsKey)
            ? OidcOutcome.Of(ProviderUser.Of(new ClaimsPrincipal(result.ClaimsIdentity), settings))
            : new OidcOutcome(null, OidcFailure.Refused);
    }
}
