using System.Globalization;
using OpenAIProxy.Simulator.Billing;
using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Endpoints;

/// <summary>Costs of the organization in dollars, in pages of days, for admin keys.</summary>
internal static class OrganizationCostEndpoints
{
    private const int DefaultLimit = 7;
    private const int HighestLimit = 180;
    private const string PagePrefix = "page_";

    public static void MapOrganizationCosts(this IEndpointRouteBuilder app) => app.MapGet("/v1/organization/costs", CostsAsync);

    private static Task CostsAsync(HttpContext context)
    {
        var key = context.Key();
        if (!key.StartsWith("sk-admin-", StringComparison.Ordinal))
        {
            throw new ApiException(
                StatusCodes.Status403Forbidden,
                "You have insufficient permissions for this operation. Missing scopes: api.usage.read. Check that you have the correct role in your organization, and if you're using a restricted API key, that it has the necessary scopes.");
        }

        var query = context.Request.Query;
        if (query["bucket_width"] is [var width] && width != "1d")
        {
            throw Wrong("bucket_width", "must be '1d'");
        }

        var limit = (int)(Number(context, "limit", 1, HighestLimit) ?? DefaultLimit);
        var start = Day(Number(context, "start_time", 0, long.MaxValue) ?? throw Wrong("start_time", "is required"));
        var end = Number(context, "end_time", 0, long.MaxValue) is { } seconds ? Day(seconds) : DateOnly.FromDateTime(DateTime.UtcNow).AddDays(1);
        if (end <= start)
        {
            throw Wrong("end_time", "must be after start_time");
        }

        var first = query["page"] is [{ } page] ? PageStart(page, start, end) : start;
        var days = Math.Min(limit, end.DayNumber - first.DayNumber);
        var byItem = query["group_by"].Concat(query["group_by[]"]).Contains("line_item");
        var buckets = Json.List(Enumerable.Range(0, days).Select(i => Bucket(first.AddDays(i), key, byItem)));
        var next = first.AddDays(days);
        var paging = next < end ? $"\"has_more\":true,\"next_page\":\"{PagePrefix}{Seconds(next)}\"" : "\"has_more\":false,\"next_page\":null";
        return Reply.JsonAsync(context, $$"""{"object":"page","data":{{buckets}},{{paging}}}""");
    }

    private static string Bucket(DateOnly day, string key, bool byItem)
    {
        var cents = SimulatedBilling.CentsOn(day, key);
        var results = cents == 0 ? []
            : byItem ? SimulatedBilling.LineItemsOn(day, key).Select(i => Result(i.Cents, Json.Quote(i.Name)))
            : [Result(cents, "null")];
        return $$"""{"object":"bucket","start_time":{{Seconds(day)}},"end_time":{{Seconds(day.AddDays(1))}},"results":{{Json.List(results)}}}""";
    }

    private static string Result(decimal cents, string lineItem) =>
        $$$"""{"object":"organization.costs.result","amount":{"value":{{{Json.Number(cents / 100)}}},"currency":"usd"},"line_item":{{{lineItem}}},"project_id":null,"api_key_id":null,"quantity":null,"quantity_unit":null}""";

    private static DateOnly PageStart(string page, DateOnly start, DateOnly end)
        => page.StartsWith(PagePrefix, StringComparison.Ordinal)
        && long.TryParse(page.AsSpan(PagePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Day(seconds) is var first && first > start && first < end
            ? first
            : throw Wrong("page", "is not a page of this query");

    private static long? Number(HttpContext context, string name, long min, long max)
        => context.Request.Query[name].ToString() is not { Length: > 0 } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
        : throw Wrong(name, $"must be a whole number from {min} to {max}");

    private static DateOnly Day(long seconds) => seconds <= 253_402_214_400
        ? DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime)
        : throw Wrong("start_time", "is too late");

    private static long Seconds(DateOnly day) => new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeSeconds();

    private static ApiException Wrong(string param, string what)
        => new(StatusCodes.Status400BadRequest, $"Invalid query parameter: '{param}' {what}.", param: param);
}
