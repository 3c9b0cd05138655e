using System.Buffers;
using System.Text.Json;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>Writes openai-proxy's answer and OpenAI's <c>credit_summary</c> in one object; the names both have mean the same.</summary>
internal static class CreditSummary
{
    /// <summary>2100-01-01: clients multiply an end by 1000 without looking, so "no end" must be a number.</summary>
    public const long NoEnd = 4_102_444_800;

    /// <summary>All amounts are dollars.</summary>
    /// <param name="range">The days it is about.</param>
    /// <param name="used">What each window cost, in cents, in order.</param>
    /// <param name="subscription">What may be spent.</param>
    /// <param name="ledger">The ledger's figures of all windows; null if the amounts are upstream's.</param>
    public static ReadOnlyMemory<byte> Write(
        DateRange range, IReadOnlyList<(DateRange Window, decimal Cents)> used, Subscription subscription, UsageFigures? ledger = null)
    {
        var granted = subscription.LimitDollars;
        // What is left of a budget is left of its period, whatever days are asked for.
        var spent = subscription.Budget is { } budget ? Money.OfMicroDollars(budget.Used) : Money.Dollars(used.Sum(u => u.Cents));
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("object", "credit_summary");
        json.WriteStartArray("list_used");
        foreach (var (window, cents) in used)
        {
            json.WriteStartObject();
            WriteDates(json, window);
            Money.Write(json, "used", Money.Dollars(cents));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Money.Write(json, "total_used", spent);
        Money.Write(json, "total_granted", granted);
        Money.Write(json, "total_available", decimal.Max(granted - spent, 0m));
        WriteDates(json, range);
        json.WriteStartObject("grants");
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        json.WriteStartObject();
        json.WriteString("object", "credit_grant");
        json.WriteString("id", "limit");
        Money.Write(json, "grant_amount", granted);
        Money.Write(json, "used_amount", spent);
        json.WriteNumber("effective_at", DateRange.UnixSeconds(range.Start));
        json.WriteNumber("expires_at", subscription.AccessUntil ?? NoEnd);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        if (ledger is null)
        {
            json.WriteString("source", AnswerSource.Upstream);
        }
        else
        {
            LedgerNotes.Write(json, ledger, ledger.EstimatedDollars);
        }

        BudgetJson.Write(json, subscription.Budget);

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    // Both days are in it.
    private static void WriteDates(Utf8JsonWriter json, DateRange range)
    {
        json.WriteString("start_date", DateRange.Text(range.Start));
        json.WriteString("end_date", DateRange.Text(range.Last));
    }
}
