using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using OpenAIProxy.ServiceDefaults.Http;

namespace OpenAIProxy.BillingService.SignIn.Oidc;

/// <summary>What ASP.NET's handler is told: the code flow with PKCE, and nothing that keeps a token.</summary>
internal sealed class OidcOptions(OidcSettings settings, Seal seal, TimeProvider time) : IConfigureNamedOptions<OpenIdConnectOptions>
{
    private const int LargestAnswer = 1024 * 1024;

    // As long as people need with a second factor.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public void Configure(OpenIdConnectOptions options) => Configure(OidcFlow.Scheme, options);

    public void Configure(string? name, OpenIdConnectOptions options)
    {
        options.Authority = settings.Authority.AbsoluteUri;
        options.ClientId = settings.ClientId;
        options.ClientSecret = settings.ClientSecret;
        options.RequireHttpsMetadata = settings.Authority.Scheme == Uri.UriSchemeHttps;
        options.ResponseType = OpenIdConnectResponseType.Code;
        // A form of the provider's would need a script, and cookies that every site's forms bring along.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.CallbackPath = OidcFlow.CallbackPath;
        // Signing out is ours alone: no address of the provider's ends a session here.
        options.RemoteSignOutPath = default;
        options.SignedOutCallbackPath = default;
        options.Scope.Clear();
        foreach (var scope in (string[])["openid", "email", .. settings.Scopes])
        {
            options.Scope.Add(scope);
        }

        options.DisableTelemetry = true;
        options.TokenHandler = new SignedTokens();
        options.SaveTokens = false;
        options.TokenValidationParameters = TokenRules.For(settings.ClientId, time);
        options.ProtocolValidator.NonceLifetime = Patience;
        options.CorrelationCookie = new FlowCookie("openaiproxy-sign-in-", Patience);
        options.NonceCookie = new FlowCookie("openaiproxy-nonce-", Patience);
        options.DataProtectionProvider = new SealedProtection(seal);
        options.TimeProvider = time;
        options.Backchannel = Connect();
        options.Events = OidcFlow.Events(settings);
        AddUserInfo(options);
        new OpenIdConnectPostConfigureOptions(options.DataProtectionProvider).PostConfigure(OidcFlow.Scheme, options);
        options.Validate();
    }

    // Many providers tell the e-mail and the groups there only.
    private void AddUserInfo(OpenIdConnectOptions options)
    {
        options.GetClaimsFromUserInfoEndpoint = true;
        options.ClaimActions.Clear();
        options.ClaimActions.MapUniqueJsonKey(ProviderUser.EmailClaim, ProviderUser.EmailClaim);
        options.ClaimActions.MapJsonKey(ProviderUser.VerifiedClaim, ProviderUser.VerifiedClaim);
        if (settings.AdminClaim is { } admin)
        {
            options.ClaimActions.MapJsonKey(admin.Name, admin.Name);
        }
    }

    private static HttpClient Connect() => new(new SocketsHttpHandler
    {
        ConnectTimeout = Timeout,
        ConnectCallback = RacedConnect.Default.ConnectAsync,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.All,
        // Our trace is nobody's business but ours.
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = Timeout,
        MaxResponseContentBufferSize = LargestAnswer,
        DefaultRequestHeaders = { { "User-Agent", "OpenAIProxy" } },
    };
}
