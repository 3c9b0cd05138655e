using System.Globalization;
using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Keys.Admin;

/// <summary>
/// Lets only those through who show the admin token, and counts the others with the wrong keys of the sign-in. Whatever goes wrong behind it ends
/// in problem details.
/// </summary>
internal sealed class AdminFilter(AccountSettings settings, UsageAccess access, WrongKeys wrong) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        // A secret is in some of the answers.
        context.Response.Headers.CacheControl = "no-store";
        if (settings.AdminToken is null)
        {
            return await RefuseAsync(context, Problem.Of(StatusCodes.Status403Forbidden, "admin_token_not_set",
                "The admin API is off: Billing:AdminToken is not set at the billing service. Set it, and show it as 'Authorization: Bearer TOKEN'."));
        }

        try
        {
            if (!IsAdmin(context.Request.Headers))
            {
                return await RefuseAsync(context, RefuseToken(context));
            }

            var answer = await next(invocation);
            return answer is Problem problem ? await RefuseAsync(context, problem) : answer;
        }
        catch (BillingException e)
        {
            return await RefuseAsync(context, Problem.Of(e.Status, e.Code, e.Message));
        }
        catch (BadHttpRequestException e)
        {
            return await RefuseAsync(context, Problem.Of(e.StatusCode, "invalid_request", e.Message));
        }
    }

    private bool IsAdmin(IHeaderDictionary headers)
    {
        try
        {
            return access.IsAdmin(Credential.Read(headers).Token);
        }
        catch (BillingException)
        {
            return false;
        }
    }

    private Problem RefuseToken(HttpContext context)
    {
        var hasToken = context.Request.Headers.Authorization.Count > 0;
        if (hasToken && !wrong.TryCount(access.ClientOf(context.Request.Headers)))
        {
            context.Response.Headers.RetryAfter = wrong.SecondsToWait().ToString(CultureInfo.InvariantCulture);
            return Problem.Of(StatusCodes.Status429TooManyRequests, "too_many_wrong_keys",
                "Too many wrong tokens came from your address in this minute. Try again in the next one.");
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Of(StatusCodes.Status401Unauthorized, "invalid_admin_token",
            "Show the admin token (Billing:AdminToken) as 'Authorization: Bearer TOKEN'.");
    }

    private static async Task<object?> RefuseAsync(HttpContext context, Problem problem)
    {
        await problem.WriteAsync(context);
        return Results.Empty;
    }
}
