using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using OpenAIProxy.ServiceDefaults.Logs;

namespace OpenAIProxy.BillingService.SignIn.Oidc;

/// <summary>
/// Sends browsers to the identity provider, and judges what they bring back. ASP.NET's handler does the work, without its middleware: that would
/// answer before our own pages do.
/// </summary>
internal sealed partial class OidcFlow(IServiceProvider services, ProviderMetadata metadata, TimeProvider time, ILogger<OidcFlow> logger)
{
    public const string Scheme = "oidc";

    /// <summary>Where the provider sends browsers back to.</summary>
    public const string CallbackPath = "/usage/sign-in/oidc/callback";

    private static readonly AuthenticationScheme Handled = new(Scheme, null, typeof(OidcHandler));

    private readonly OncePerPeriod _failure = new(time, TimeSpan.FromMinutes(1));

    /// <summary>Redirects to the provider. Returns why not, else null.</summary>
    public async Task<OidcFailure?> BeginAsync(HttpContext context)
    {
        try
        {
            await metadata.KnowAsync(context.RequestAborted);
            var handler = await HandlerAsync(context);
            // Where to go afterwards is no question: there is one page, and no address that somebody could put in its place.
            await handler.ChallengeAsync(new AuthenticationProperties { RedirectUri = "/" });
            return null;
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            return Judge(OidcOutcome.Of(e)).Failure;
        }
    }

    /// <summary>Judges what the browser brings back.</summary>
    public async Task<OidcOutcome> FinishAsync(HttpContext context)
    {
        var handler = await HandlerAsync(context);
        await handler.HandleRequestAsync();
        context.RequestAborted.ThrowIfCancellationRequested();
        return Judge(context.Features.Get<OidcOutcome>() ?? new OidcOutcome(null, OidcFailure.Expired));
    }

    /// <summary>What the handler tells on its way.</summary>
    public static OpenIdConnectEvents Events(OidcSettings settings) => new()
    {
        OnMessageReceived = CheckIssuerAsync,
        OnTicketReceived = context => Finish(context, OidcOutcome.Of(ProviderUser.Of(context.Principal!, settings))),
        OnAccessDenied = context => Finish(context, new OidcOutcome(null, OidcFailure.Denied)),
        OnRemoteFailure = context => Finish(context, OidcOutcome.Of(context.Failure!)),
    };

    private static Task Finish<T>(HandleRequestContext<T> context, OidcOutcome outcome)
        where T : AuthenticationSchemeOptions
    {
        context.HttpContext.Features.Set(outcome);
        context.HandleResponse();
        return Task.CompletedTask;
    }

    // RFC 9207: an answer that says it is another issuer's is not this one's.
    private static async Task CheckIssuerAsync(MessageReceivedContext context)
    {
        if (context.ProtocolMessage.Iss is { Length: > 0 } issuer)
        {
            var known = await context.Options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);
            if (issuer != known.Issuer)
            {
                context.Fail(new OpenIdConnectProtocolException("The answer names another issuer."));
            }
        }
    }

    private async Task<OidcHandler> HandlerAsync(HttpContext context)
    {
        OutsideAddress.Apply(context.Request);
        var handler = ActivatorUtilities.GetServiceOrCreateInstance<OidcHandler>(services);
        await handler.InitializeAsync(Handled, context);
        return handler;
    }

    private OidcOutcome Judge(OidcOutcome outcome)
    {
        if (outcome.Failure is OidcFailure.Away or OidcFailure.Refused && _failure.TryPass(out var others))
        {
            LogFailure(logger, outcome.Failure == OidcFailure.Away ? "it can't be reached" : "its answer is refused", outcome.Reason, others);
        }

        return outcome;
    }

    [LoggerMessage(3311, LogLevel.Warning,
        "Signing in by the identity provider (Oidc:Authority) fails: {What} ({Reason}); {Others} more failures in the minutes before.")]
    private static partial void LogFailure(ILogger logger, string what, string reason, long others);
}
