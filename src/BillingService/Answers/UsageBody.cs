using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace OpenAIProxy.BillingService.Answers;

/// <summary>The part of a usage answer that is computed with, <c>{"object":"list","daily_costs":[…],"total_usage":12.5}</c>.</summary>
/// <param name="TotalCents"><c>total_usage</c>, US cents.</param>
/// <param name="Days">What stands in the brackets of <c>daily_costs</c>; null if it has none.</param>
internal sealed record UsageBody(decimal TotalCents, ReadOnlyMemory<byte>? Days)
{
    private const string Total = "total_usage";
    private const string DailyCosts = "daily_costs";

    /// <summary>Reads it from the <paramref name="root"/> that <paramref name="body"/> was parsed to.</summary>
    /// <exception cref="BillingException">502: it is something else.</exception>
    public static UsageBody Read(ReadOnlyMemory<byte> body, JsonElement root)
    {
        var cents = root.TryGetProperty(Total, out var total) ? Money.Read(total) : null;
        var hasDays = root.TryGetProperty(DailyCosts, out var days) && days.ValueKind == JsonValueKind.Array;
        return new UsageBody(
            cents ?? throw BillingException.InvalidAnswer($"without an amount in {Total}"),
            hasDays ? Inside(body, JsonMarshal.GetRawUtf8Value(days)) : default(ReadOnlyMemory<byte>?));
    }

    /// <summary>Several windows' answers as one: their days one after the other, byte for byte, and the sum of their totals.</summary>
    public static ReadOnlyMemory<byte> Merge(IReadOnlyList<UsageBody> windows)
    {
        var buffer = new ArrayBufferWriter<byte>(256 + windows.Sum(window => window.Days?.Length ?? 0));
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray(DailyCosts);
        foreach (var window in windows)
        {
            if (window.Days is { IsEmpty: false } days)
            {
                // Several values with commas between: the writer would take them for an error.
                json.WriteRawValue(days.Span, skipInputValidation: true);
            }
        }

        json.WriteEndArray();
        Money.Write(json, Total, windows.Sum(window => window.TotalCents));
        json.WriteString("source", AnswerSource.Upstream);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    // The document was parsed in place: the array's text is a part of the body's.
    private static ReadOnlyMemory<byte> Inside(ReadOnlyMemory<byte> body, ReadOnlySpan<byte> array)
    {
        body.Span.Overlaps(array, out var start);
        return body.Slice(start + 1, array.Length - 2).Trim(" \t\r\n"u8);
    }
}
