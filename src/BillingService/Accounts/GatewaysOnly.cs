using OpenAIProxy.Contracts;
using OpenAIProxy.ServiceDefaults.Errors;

namespace OpenAIProxy.BillingService.Accounts;

/// <summary>Lets only gateways through.</summary>
internal sealed class GatewaysOnly(GatewayTrust trust) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (trust.Trusts(context.Request.Headers, out _))
        {
            return await next(invocation);
        }

        context.Response.Headers[InternalHeaders.Refuses] = InternalHeaders.WrongToken;
        await (trust.HasToken
            ? OpenAIError.WriteAsync(context, StatusCodes.Status401Unauthorized, InternalHeaders.WrongToken,
                $"Only gateways report usage here, by the header {InternalHeaders.Token}: Internal:Token must be the same here and at the gateway.")
            : OpenAIError.WriteAsync(context, StatusCodes.Status403Forbidden, "internal_token_not_set",
                "This billing service takes no usage: set Internal:Token here and at the gateway, to the same secret."));
        return Results.Empty;
    }
}
