using System.Buffers;
using System.Text.Json;
using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Upstream;

/// <summary>Reads an organization's costs page by page and makes a usage answer of them: dollars become cents, buckets become days.</summary>
internal sealed class OrganizationCosts(UpstreamClient client, TimeProvider time)
{
    private const string CostsPath = "/v1/organization/costs";

    // One page holds at least one day; more pages than days (and some air) is a server going round in circles.
    private const int AirPages = 10;

    /// <summary>Costs of <paramref name="range"/>, in the shape of a usage answer, and by day in <paramref name="dollars"/>; or upstream's error.</summary>
    /// <exception cref="BillingException">502: a page is not what it should be, or there is no end of them.</exception>
    public async Task<Answer> GetAsUsageAsync(
        Credential credential, DateRange range, CancellationToken cancellationToken, Dictionary<DateOnly, decimal>? dollars = null)
    {
        var query = $"start_time={DateRange.UnixSeconds(range.Start)}&end_time={DateRange.UnixSeconds(range.End)}"
            + $"&bucket_width=1d&group_by=line_item&limit={range.Days}";
        var received = time.GetUtcNow();
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("daily_costs");
        var days = Written(json);
        var total = 0m;
        string? page = null;
        for (var pages = 0; pages == 0 || page is not null; pages++)
        {
            if (pages > range.Days + AirPages)
            {
                throw BillingException.InvalidAnswer("with more pages of costs than there are days");
            }

            var pageQuery = page is null ? query : $"{query}&page={Uri.EscapeDataString(page)}";
            var answer = await client.GetAsync(credential, CostsPath, pageQuery, Read, cancellationToken);
            if (answer.IsError)
            {
                return answer;
            }
        }

        var end = Written(json);
        json.WriteEndArray();
        Money.Write(json, "total_usage", total);
        json.WriteString("source", AnswerSource.Upstream);
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
        return new Answer(buffer.WrittenMemory, received) { Usage = new UsageBody(total, buffer.WrittenMemory[days..end]) };

        Answer Read(Answer answer, JsonElement root)
        {
            total += WriteDays(json, root, dollars);
            page = NextPage(root);
            return answer;
        }
    }

    private static int Written(Utf8JsonWriter json) => (int)(json.BytesCommitted + json.BytesPending);

    // {"object":"bucket","start_time":1730419200,"end_time":1730505600,"results":[
    //   {"object":"organization.costs.result","amount":{"value":0.06,"currency":"usd"},"line_item":"gpt-5, input",…}]}
    private static decimal WriteDays(Utf8JsonWriter json, JsonElement page, Dictionary<DateOnly, decimal>? dollars)
    {
        var total = 0m;
        foreach (var bucket in Items(page, "data"))
        {
            var start = Start(bucket);
            var before = total;
            json.WriteStartObject();
            json.WriteNumber("timestamp", start);
            json.WriteStartArray("line_items");
            foreach (var result in Items(bucket, "results"))
            {
                var cents = Money.Cents(Amount(result));
                total += cents;
                json.WriteStartObject();
                json.WriteString("name", result.TryGetProperty("line_item", out var name) && name.ValueKind == JsonValueKind.String
                    ? name.GetString()
                    : "Other");
                Money.Write(json, "cost", cents);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
            if (dollars is not null)
            {
                var day = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(start).UtcDateTime);
                dollars[day] = dollars.GetValueOrDefault(day) + Money.Dollars(total - before);
            }
        }

        return total;
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray()
            : throw Unreadable();

    private static long Start(JsonElement bucket)
        => bucket.ValueKind == JsonValueKind.Object && bucket.TryGetProperty("start_time", out var start)
            && start.ValueKind == JsonValueKind.Number && start.TryGetInt64(out var seconds)
            ? seconds
            : throw Unreadable();

    private static decimal Amount(JsonElement result)
        => result.ValueKind == JsonValueKind.Object
            && result.TryGetProperty("amount", out var amount) && amount.ValueKind == JsonValueKind.Object
            && amount.TryGetProperty("value", out var value) && Money.Read(value) is { } dollars
            && (!amount.TryGetProperty("currency", out var currency)
                || (currency.ValueKind == JsonValueKind.String && "usd".Equals(currency.GetString(), StringComparison.OrdinalIgnoreCase)))
            ? dollars
            : throw Unreadable();

    private static string? NextPage(JsonElement page)
        => page.TryGetProperty("has_more", out var more) && more.ValueKind == JsonValueKind.True
            ? page.TryGetProperty("next_page", out var next) && next.ValueKind == JsonValueKind.String ? next.GetString() : throw Unreadable()
            : null;

    private static BillingException Unreadable() => BillingException.InvalidAnswer("not with costs in US dollars that can be read");
}
