using Microsoft.Net.Http.Headers;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Budgets;

/// <summary>
/// <c>GET /internal/prices</c>: the operator's own prices, so that gateways judge budgets by the same ones as reports, wherever the file lies.
/// </summary>
internal sealed class PricesEndpoint(PricesInForce prices)
{
    public async Task GetAsync(HttpContext context)
    {
        var (file, tag) = prices.File();
        if (file.IsEmpty)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        var quoted = $"\"{tag}\"";
        context.Response.Headers.ETag = quoted;
        if (context.Request.Headers[HeaderNames.IfNoneMatch] == quoted)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = file.Length;
        await context.Response.Body.WriteAsync(file, context.RequestAborted);
    }
}
