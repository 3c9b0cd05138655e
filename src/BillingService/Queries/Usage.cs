using System.Buffers;
using System.Text.Json;
using OpenAIProxy.BillingService.Upstream;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>The part of a usage answer that is computed with.</summary>
/// <param name="TotalCents"><c>total_usage</c>, US cents.</param>
/// <param name="HasDays">True if it has <c>daily_costs</c>.</param>
internal readonly record struct Usage(decimal TotalCents, bool HasDays)
{
    private const string Total = "total_usage";
    private const string Days = "daily_costs";

    /// <summary>Reads <c>{"object":"list","daily_costs":[…],"total_usage":12.5}</c>.</summary>
    /// <exception cref="BillingException">502: it is something else.</exception>
    public static Usage Read(ReadOnlyMemory<byte> body)
    {
        using var document = UpstreamBody.Parse(body);
        var root = document.RootElement;
        return root.TryGetProperty(Total, out var total) && Money.Read(total) is { } cents
            ? new Usage(cents, root.TryGetProperty(Days, out var days) && days.ValueKind == JsonValueKind.Array)
            : throw BillingException.InvalidAnswer($"without an amount in {Total}");
    }

    /// <summary>The days of a usage answer that was computed here, and what each has cost, in cents.</summary>
    public static IEnumerable<(DateOnly Day, decimal Cents)> ReadDays(ReadOnlyMemory<byte> body)
    {
        using var document = UpstreamBody.Parse(body);
        foreach (var day in document.RootElement.GetProperty(Days).EnumerateArray())
        {
            var date = DateTimeOffset.FromUnixTimeSeconds(day.GetProperty("timestamp").GetInt64()).UtcDateTime;
            yield return (DateOnly.FromDateTime(date), day.GetProperty("line_items").EnumerateArray().Sum(item => Money.Read(item.GetProperty("cost")) ?? 0m));
        }
    }

    /// <summary>Several windows' answers as one: their days one after the other, byte for byte, and the sum of their totals.</summary>
    public static ReadOnlyMemory<byte> Merge(IReadOnlyList<ReadOnlyMemory<byte>> bodies)
    {
        var buffer = new ArrayBufferWriter<byte>(bodies.Sum(b => b.Length));
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray(Days);
        foreach (var body in bodies)
        {
            using var document = UpstreamBody.Parse(body);
            if (document.RootElement.TryGetProperty(Days, out var days) && days.ValueKind == JsonValueKind.Array)
            {
                foreach (var day in days.EnumerateArray())
                {
                    day.WriteTo(json);
                }
            }
        }

        json.WriteEndArray();
        Money.Write(json, Total, bodies.Sum(b => Read(b).TotalCents));
        json.WriteString("source", AnswerSource.Upstream);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
