using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OpenAIProxy.BillingService.SignIn.Oidc;

/// <summary>
/// Reads tokens, and takes none without a signature. ASP.NET's handler lets those in that come from the token endpoint, as OpenID Connect Core 3.1.3.7
/// allows it, whatever its options say: https://github.com/dotnet/aspnetcore/blob/v10.0.0/src/Security/Authentication/OpenIdConnect/src/OpenIdConnectHandler.cs
/// </summary>
internal sealed class SignedTokens : JsonWebTokenHandler
{
    public SignedTokens() => MapInboundClaims = false;

    public override Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        validationParameters.RequireSignedTokens = true;
        return base.ValidateTokenAsync(token, validationParameters);
    }
}
