using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.SignIn;
using OpenAIProxy.BillingService.SignIn.Oidc;

namespace OpenAIProxy.BillingService.Keys.Admin;

/// <summary>
/// Judges who may use the admin API: by the admin token, by an access token of the identity provider, or by the page's cookie of an admin whom that
/// provider knows. A token that is shown counts alone: with a wrong one, no cookie helps.
/// </summary>
internal sealed class AdminDoor(
    AccountSettings settings, UsageAccess access, SignInCookie cookie, OidcSettings? oidc = null, AccessTokens? tokens = null)
{
    /// <summary>Null if the sender of a request may; names them for the audit then.</summary>
    public async Task<AdminRefusal?> CheckAsync(HttpContext context)
    {
        if (settings.AdminToken is null && oidc?.AdminClaim is null)
        {
            return new AdminRefusal(Problem.Of(StatusCodes.Status403Forbidden, "admin_token_not_set",
                "The admin API is off: Billing:AdminToken is not set at the billing service. Set it, and show it as 'Authorization: Bearer TOKEN'."));
        }

        var headers = context.Request.Headers;
        if (headers.Authorization.Count == 0)
        {
            return CheckCookie(context);
        }

        if (TokenOf(headers) is not { } token)
        {
            return new AdminRefusal(InvalidToken(), IsWrongToken: true);
        }

        return access.IsAdmin(token) ? null : await CheckAccessTokenAsync(context, token);
    }

    private async Task<AdminRefusal?> CheckAccessTokenAsync(HttpContext context, string token)
    {
        if (tokens is null)
        {
            return new AdminRefusal(InvalidToken(), IsWrongToken: true);
        }

        var outcome = await tokens.CheckAsync(token, context.RequestAborted);
        if (outcome.Failure == OidcFailure.Away)
        {
            return new AdminRefusal(Problem.Of(StatusCodes.Status503ServiceUnavailable, "identity_provider_unreachable",
                "The identity provider (Oidc:Authority) can't be reached, so its tokens can't be checked. The admin token can be used meanwhile."));
        }

        return outcome.User is { } user ? CheckUser(context, user) : new AdminRefusal(InvalidToken(), IsWrongToken: true);
    }

    private AdminRefusal? CheckCookie(HttpContext context)
    {
        if (cookie.ReadUser(context.Request) is not { } user)
        {
            return new AdminRefusal(InvalidToken());
        }

        return FormOrigin.IsForeign(context.Request)
            ? new AdminRefusal(Problem.Of(StatusCodes.Status403Forbidden, "foreign_request",
                "This request comes from a page of another site, so nothing was done."))
            : CheckUser(context, user);
    }

    private AdminRefusal? CheckUser(HttpContext context, ProviderUser user)
    {
        if (!user.IsAdmin)
        {
            return new AdminRefusal(Problem.Of(StatusCodes.Status403Forbidden, "admin_claim_missing", oidc?.AdminClaim is { } claim
                ? $"This is for admins: the identity provider doesn't say that you have the claim {claim.Name} with the value that makes one (Oidc:AdminClaim)."
                : "This is for who shows the admin token: Oidc:AdminClaim is not set at the billing service."));
        }

        context.Features.Set(new AdminActor(user.Name));
        return null;
    }

    private static string? TokenOf(IHeaderDictionary headers)
    {
        try
        {
            return Credential.Read(headers).Token;
        }
        catch (BillingException)
        {
            return null;
        }
    }

    private Problem InvalidToken() => Problem.Of(StatusCodes.Status401Unauthorized, "invalid_admin_token", oidc is null
        ? "Show the admin token (Billing:AdminToken) as 'Authorization: Bearer TOKEN'."
        : "Show as 'Authorization: Bearer TOKEN' the admin token (Billing:AdminToken), or an access token of the identity provider (Oidc:Authority) that is "
            + "in force and for this audience.");
}
