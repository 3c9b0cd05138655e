using System.Text.Json;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>
/// Writes the budget that is spent first beside what clients read:
/// <c>"budget":{"scope":"key","period":"month","limit_usd":100,"used_usd":2.5,"remaining_usd":97.5,"resets_at":1798761600}</c>.
/// </summary>
internal static class BudgetJson
{
    public static void Write(Utf8JsonWriter json, BudgetStatus? budget)
    {
        if (budget is null)
        {
            return;
        }

        json.WriteStartObject("budget");
        json.WriteString("scope", budget.Scope);
        json.WriteString("period", budget.Period.ToString().ToLowerInvariant());
        Money.Write(json, "limit_usd", Money.OfMicroDollars(budget.Limit));
        Money.Write(json, "used_usd", Money.OfMicroDollars(budget.Used));
        Money.Write(json, "remaining_usd", Money.OfMicroDollars(budget.Remaining));
        if (budget.ResetsAt is { } resets)
        {
            json.WriteNumber("resets_at", resets);
        }
        else
        {
            json.WriteNull("resets_at");
        }

        json.WriteEndObject();
    }
}
