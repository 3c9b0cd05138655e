using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Whatever goes wrong under <c>/usage</c> ends in a page: a person reads it.</summary>
internal sealed class PageFilter(PageFailures failures) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        PageWriter.Secure(context.Response);
        Preferences.Keep(context);
        try
        {
            return await next(invocation);
        }
        catch (Exception e) when (!context.Response.HasStarted && (e is BadHttpRequestException || !ClientLeft.Explains(context, e)))
        {
            await failures.ExplainAsync(context, e);
            return Results.Empty;
        }
    }
}
