using System.Globalization;
using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Keys.Admin;

/// <summary>
/// Lets only admins through, and counts wrong tokens with the wrong keys of the sign-in. Whatever goes wrong behind it ends in problem details.
/// </summary>
internal sealed class AdminFilter(AdminDoor door, UsageAccess access, WrongKeys wrong) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        // A secret is in some of the answers.
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            if (await door.CheckAsync(context) is { } refusal)
            {
                return await RefuseAsync(context, refusal.IsWrongToken ? CountWrong(context, refusal.Problem) : refusal.Problem);
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

    private Problem CountWrong(HttpContext context, Problem problem)
    {
        if (wrong.TryCount(access.ClientOf(context.Request.Headers)))
        {
            return problem;
        }

        context.Response.Headers.RetryAfter = wrong.SecondsToWait().ToString(CultureInfo.InvariantCulture);
        return Problem.Of(StatusCodes.Status429TooManyRequests, "too_many_wrong_keys",
            "Too many wrong tokens came from your address in this minute. Try again in the next one.");
    }

    private static async Task<object?> RefuseAsync(HttpContext context, Problem problem)
    {
        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        await problem.WriteAsync(context);
        return Results.Empty;
    }
}
