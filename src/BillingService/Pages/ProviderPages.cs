using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.BillingService.SignIn;
using OpenAIProxy.BillingService.SignIn.Oidc;

namespace OpenAIProxy.BillingService.Pages;

/// <summary><c>/usage/sign-in/oidc</c>: the way to the identity provider and back.</summary>
internal sealed class ProviderPages(PageWriter writer, OidcFlow flow, SignInCookie cookie)
{
    /// <summary>Where the way there begins.</summary>
    public const string Path = "/usage/sign-in/oidc";

    /// <summary>Sends the browser to the provider.</summary>
    public async Task BeginAsync(HttpContext context)
    {
        if (await flow.BeginAsync(context) is { } failure)
        {
            await ExplainAsync(context, Frames.Of(context.Request), failure);
        }
    }

    /// <summary>Takes the browser back from the provider.</summary>
    public async Task FinishAsync(HttpContext context)
    {
        var frame = Frames.Of(context.Request);
        var outcome = await flow.FinishAsync(context);
        if (outcome.User is not { } user)
        {
            await ExplainAsync(context, frame, outcome.Failure);
            return;
        }

        cookie.Write(context, user);
        // A redirect would still count as the provider's, another site's, and come without the cookie, which is strict. This page is ours.
        context.Response.Headers["Refresh"] = $"0;url={frame.Link("")}";
        await writer.WriteMessageAsync(context, frame, StatusCodes.Status200OK, frame.Words.SignedInTitle, Words.Fill(frame.Words.SignedIn, user.Name));
    }

    private Task ExplainAsync(HttpContext context, Frame frame, OidcFailure failure)
    {
        var (status, message) = failure switch
        {
            OidcFailure.Denied => (StatusCodes.Status403Forbidden, frame.Words.SignInDenied),
            OidcFailure.Expired => (StatusCodes.Status400BadRequest, frame.Words.SignInExpired),
            OidcFailure.Away => (StatusCodes.Status502BadGateway, frame.Words.ProviderAway),
            _ => (StatusCodes.Status502BadGateway, frame.Words.ProviderRefused),
        };
        return writer.WriteMessageAsync(context, frame, status, frame.Words.NotSignedInTitle, message);
    }
}
