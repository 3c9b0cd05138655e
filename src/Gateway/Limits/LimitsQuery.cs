using System.Text.Json;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Limits.Budgets;
using OpenAIProxy.Gateway.Limits.Rules;
using OpenAIProxy.Gateway.Limits.Stores;

namespace OpenAIProxy.Gateway.Limits;

/// <summary>Answers <c>GET /limits</c>: what an access key may do, and what is left of it.</summary>
internal sealed class LimitsQuery(LimitTable table, AccessRules access, ILimitStore store, CallBudgets? budgets = null)
{
    /// <summary>True if the request asks this.</summary>
    public static bool IsAsked(HttpRequest request)
        => request.Path.Value is "/limits" or "/v1/limits" && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method));

    /// <summary>Answers.</summary>
    public async Task AnswerAsync(HttpContext context, Caller caller)
    {
        var rules = table.Current.Of(caller, context, access);
        var levels = rules.Length == 0 ? [] : await store.ReadAsync(Array.ConvertAll(rules, rule => rule.Counter), context.RequestAborted);
        var response = context.Response;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        if (levels is not null)
        {
            LimitHeaders.Set(response.Headers, rules, levels);
        }

        var spending = budgets is null ? [] : await budgets.ReadAsync(caller, context.RequestAborted);
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await using var json = new Utf8JsonWriter(response.BodyWriter);
            Write(json, caller, rules, levels, spending);
        }
    }

    private static void Write(Utf8JsonWriter json, Caller caller, LimitRule[] rules, Level[]? levels, IReadOnlyList<BudgetStatus>? budgets)
    {
        json.WriteStartObject();
        json.WriteString("object", "limits");
        json.WriteString("key", caller.KeyId);
        json.WriteString("name", caller.Rules?.Record.Name);
        json.WritePropertyName("limits");
        LimitsJson.Write(json, rules, levels);
        json.WriteStartArray("budgets");
        foreach (var budget in budgets ?? [])
        {
            Write(json, budget);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, BudgetStatus budget)
    {
        json.WriteStartObject();
        json.WriteString("scope", budget.Scope);
        json.WriteString("period", budget.Period.ToString().ToLowerInvariant());
        json.WriteNumber("limit_usd", Dollars(budget.Limit));
        json.WriteNumber("used_usd", Dollars(budget.Used));
        json.WriteNumber("remaining_usd", Dollars(budget.Remaining));
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

    // Without trailing zeros.
    private static decimal Dollars(long microDollars) => microDollars * 0.000001m / 1.0000000000000000000000000000m;
}
