using OpenAIProxy.Contracts;
using OpenAIProxy.ServiceDefaults.Errors;

namespace OpenAIProxy.BillingService.Accounts;

/// <summary>
/// Refuses what a gateway asks for a caller of its own if it shows a token that is not the one of here. Else the caller, who has a good key,
/// would be told that it is missing.
/// </summary>
internal sealed class RefuseUnknownGateways(RequestDelegate next, GatewayTrust trust)
{
    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        // With a credential beside the id, that one says who asks.
        if (!headers.ContainsKey(InternalHeaders.KeyId) || headers.Authorization.Count > 0 || trust.Trusts(headers, out var isWrong) || !isWrong)
        {
            return next(context);
        }

        context.Response.Headers[InternalHeaders.Refuses] = InternalHeaders.WrongToken;
        return OpenAIError.WriteAsync(context, StatusCodes.Status401Unauthorized, InternalHeaders.WrongToken,
            "This billing service does not know the gateway that asks: Internal:Token must be the same here and at the gateway.");
    }
}
