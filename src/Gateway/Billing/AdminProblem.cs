using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using OpenAIProxy.ServiceDefaults.Errors;

namespace OpenAIProxy.Gateway.Billing;

/// <summary>What went wrong with a request to the admin API before the billing service had it, as problem details (RFC 9457).</summary>
internal static class AdminProblem
{
    public static Task WriteAsync(HttpContext context, int status, string code, ErrorText message)
    {
        if (context.Response.HasStarted)
        {
            return Task.CompletedTask;
        }

        var problem = new ProblemDetails
        {
            Type = "about:blank",
            Title = ReasonPhrases.GetReasonPhrase(status),
            Status = status,
            Detail = ErrorText.PrefersChinese(context.Request) ? message.Chinese : message.English,
            Extensions = { ["code"] = code },
        };
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(problem, options: null, contentType: "application/problem+json", context.RequestAborted);
    }
}
