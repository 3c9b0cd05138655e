using System.Globalization;
using OpenAIProxy.Simulator.Billing;
using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Endpoints;

/// <summary>OpenAI's old billing routes, which answer browser sessions only today.</summary>
internal static class LegacyBillingEndpoints
{
    private const int LongestRangeDays = 100;

    public static void MapLegacyBilling(this IEndpointRouteBuilder app)
    {
        foreach (var prefix in new[] { "/dashboard/billing", "/v1/dashboard/billing" })
        {
            app.MapGet($"{prefix}/usage", UsageAsync);
            app.MapGet($"{prefix}/subscription", SubscriptionAsync);
            app.MapGet($"{prefix}/credit_grants", CreditGrantsAsync);
        }
    }

    private static Task UsageAsync(HttpContext context)
    {
        RefuseUnlessOpen(context);
        var start = Date(context, "start_date");
        var end = Date(context, "end_date");
        if (end <= start)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, "end_date must come after start_date");
        }

        var days = end.DayNumber - start.DayNumber;
        if (days > LongestRangeDays)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, $"The range of dates must not be longer than {LongestRangeDays} days.");
        }

        var key = context.Key();
        var dates = Enumerable.Range(0, days).Select(start.AddDays).ToArray();
        var costs = Json.List(dates.Select(day =>
            $$"""{"timestamp":{{Json.Number(Timestamp(day))}},"line_items":{{Json.List(SimulatedBilling.LineItemsOn(day, key).Select(Item))}}}"""));
        var total = Json.Number(dates.Sum(day => SimulatedBilling.CentsOn(day, key)));
        return Reply.JsonAsync(context, $$"""{"object":"list","daily_costs":{{costs}},"total_usage":{{total}}}""");
    }

    private static Task SubscriptionAsync(HttpContext context)
    {
        RefuseUnlessOpen(context);
        return Reply.JsonAsync(context, """
            {"object":"billing_subscription","has_payment_method":true,"canceled":false,"canceled_at":null,"delinquent":null,
            "access_until":1893456000,"soft_limit":1666667,"hard_limit":2000000,"system_hard_limit":2000000,
            "soft_limit_usd":100.0,"hard_limit_usd":120.0,"system_hard_limit_usd":120.0,
            "plan":{"title":"Pay-as-you-go","id":"payg"},"account_name":"Simulator","po_number":null,"billing_email":null,
            "tax_ids":null,"billing_address":null,"business_address":null,"primary":true}
            """);
    }

    private static Task CreditGrantsAsync(HttpContext context)
    {
        RefuseUnlessSession(context);

        return Reply.JsonAsync(context, """
            {"object":"credit_summary","total_granted":18.0,"total_used":3.5,"total_available":14.5,
            "grants":{"object":"list","data":[{"object":"credit_grant","id":"grant_simulated","grant_amount":18.0,"used_amount":3.5,"effective_at":1672531200.0,"expires_at":1893456000.0}]}}
            """);
    }

    private static void RefuseUnlessOpen(HttpContext context)
    {
        if (context.Behavior().Billing is not BillingAccess.Open)
        {
            RefuseUnlessSession(context);
        }
    }

    private static void RefuseUnlessSession(HttpContext context)
    {
        if (!context.Key().StartsWith("sess-", StringComparison.Ordinal))
        {
            throw new ApiException(
                StatusCodes.Status403Forbidden,
                $"Your request to GET {context.Request.Path} must be made with a session key (that is, it can only be made from the browser). You made it with the following key type: secret.",
                type: "server_error");
        }
    }

    private static DateOnly Date(HttpContext context, string name)
    {
        var text = context.Request.Query[name].ToString();
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw new ApiException(
                StatusCodes.Status400BadRequest,
                text.Length == 0 ? $"Missing query parameter '{name}'" : $"Invalid date format in '{name}': '{text}'");
    }

    private static long Timestamp(DateOnly day) => new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeSeconds();

    private static string Item(LineItem item) => $$"""{"name":{{Json.Quote(item.Name)}},"cost":{{Json.Number(item.Cents)}}}""";
}
