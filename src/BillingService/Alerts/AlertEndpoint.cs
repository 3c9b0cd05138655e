using System.Text.Json;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Alerts;

/// <summary><c>POST /internal/alerts</c>: takes what gateways have seen of budgets.</summary>
internal sealed class AlertEndpoint(AlertStore store, AlertSettings settings, AlertService service)
{
    private const int LongestText = 256;

    private static readonly long LastTime = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    public async Task PostAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not { } alert)
        {
            throw new BillingException(StatusCodes.Status400BadRequest, "invalid_request", "The body is no alert.");
        }

        if (settings.Webhooks.Count > 0 && await store.AddAsync(alert, [.. settings.Webhooks.Select(webhook => webhook.Id)], context.RequestAborted))
        {
            service.Wake();
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task<BudgetAlert?> ReadAsync(HttpContext context)
    {
        try
        {
            var alert = await JsonSerializer.DeserializeAsync(context.Request.Body, ContractsJson.Default.BudgetAlert, context.RequestAborted);
            var isWhole = alert is
            {
                Scope: "key" or "team" or "total", Name.Length: <= LongestText, Label.Length: <= LongestText, Window.Length: <= LongestText,
                Percent: >= 1 and <= 100, ResetsAt: null or >= 0,
            };
            return isWhole && !(alert!.ResetsAt > LastTime) ? alert : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
