using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.ServiceDefaults.Http;

namespace OpenAIProxy.BillingService.SignIn.Oidc;

/// <summary>What became of a sign-in.</summary>
/// <param name="User">Who signed in; null if nobody did.</param>
/// <param name="Failure">Why nobody did.</param>
/// <param name="Reason">The same for the log, in few words without secrets.</param>
internal sealed record OidcOutcome(ProviderUser? User, OidcFailure Failure, string Reason = "")
{
    private const string ErrorData = "error";
    private const string UsedCode = "invalid_grant";
    private const int LongestError = 64;

    public static OidcOutcome Of(ProviderUser user) => new(user, OidcFailure.None);

    /// <summary>What an exception means on the way.</summary>
    public static OidcOutcome Of(Exception exception)
    {
        // The messages of most quote what was received: only types and codes are told.
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                // The handler's own, where the browser brought nothing good.
                case AuthenticationFailureException:
                case OpenIdConnectProtocolInvalidNonceException:
                    return new OidcOutcome(null, OidcFailure.Expired);
                case SecurityTokenException or OpenIdConnectProtocolException or ArgumentException:
                    return OfAnswer(e);
                case HttpRequestException or SocketException or IOException or AuthenticationException or TimeoutException:
                    return new OidcOutcome(null, OidcFailure.Away, ConnectionFailure.Describe(e));
                case OperationCanceledException:
                    return new OidcOutcome(null, OidcFailure.Away, "no answer in time");
            }
        }

        // IdentityModel's own, where the provider's documents can't be read.
        return exception is InvalidOperationException
            ? new OidcOutcome(null, OidcFailure.Away, "its configuration can't be read")
            : new OidcOutcome(null, OidcFailure.Refused, exception.GetType().Name);
    }

    private static OidcOutcome OfAnswer(Exception e)
    {
        if (e.Data[ErrorData] is not string { Length: <= LongestError } code || !VisibleAscii.IsAll(code))
        {
            return new OidcOutcome(null, OidcFailure.Refused, e.GetType().Name);
        }

        return code == UsedCode ? new OidcOutcome(null, OidcFailure.Expired) : new OidcOutcome(null, OidcFailure.Refused, code);
    }
}
