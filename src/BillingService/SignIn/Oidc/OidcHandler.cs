using System.IdentityModel.Tokens.Jwt;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace OpenAIProxy.BillingService.SignIn.Oidc;

/// <summary>ASP.NET's handler without its log, which has codes and answers of the provider in it; <see cref="OidcFlow"/> says what went wrong.</summary>
internal sealed class OidcHandler(IOptionsMonitor<OpenIdConnectOptions> options, OidcSettings settings)
    : OpenIdConnectHandler(options, NullLoggerFactory.Instance, HtmlEncoder.Default, UrlEncoder.Default)
{
    // One request less where the token says all that matters; and some providers' endpoint takes no token that is for another API.
    protected override async Task<HandleRequestResult> GetUserInformationAsync(
        OpenIdConnectMessage message, JwtSecurityToken jwt, ClaimsPrincipal principal, AuthenticationProperties properties)
    {
        var isKnown = principal.HasClaim(claim => claim.Type == ProviderUser.EmailClaim)
            && (settings.AdminClaim is not { } admin || principal.HasClaim(claim => claim.Type == admin.Name));
        if (isKnown && principal.HasClaim(claim => claim.Type == ProviderUser.VerifiedClaim))
        {
            return Known();
        }

        try
        {
            // Whether the e-mail was checked may be told here only.
            return await base.GetUserInformationAsync(message, jwt, principal, properties);
        }
        catch (HttpRequestException) when (isKnown)
        {
            return Known();
        }

        HandleRequestResult Known() => HandleRequestResult.Success(new AuthenticationTicket(principal, properties, Scheme.Name));
    }
}
