using System.Text.Json;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>What the ledger knows and upstream's shapes have no place for: fields that clients who don't know them never see.</summary>
internal static class LedgerNotes
{
    /// <summary>Writes them into an object that is open.</summary>
    /// <param name="json">Where.</param>
    /// <param name="figures">What the object is about.</param>
    /// <param name="estimated">What of its money is by estimated usage, in the object's own unit.</param>
    public static void Write(Utf8JsonWriter json, UsageFigures figures, decimal estimated)
    {
        json.WriteString("source", AnswerSource.Ledger);
        json.WriteBoolean("unpriced", figures.IsUnpriced);
        json.WriteNumber("unpriced_requests", figures.UnpricedRequests);
        Money.Write(json, "estimated_usage", estimated);
        json.WriteNumber("requests", figures.Counts.Requests);
        WriteTokens(json, figures.Counts.Input, figures.Counts.Output);
    }

    /// <summary>Tokens in, out and together.</summary>
    public static void WriteTokens(Utf8JsonWriter json, long input, long output)
    {
        json.WriteNumber("total_tokens", input + output);
        json.WriteNumber("input_tokens", input);
        json.WriteNumber("output_tokens", output);
    }
}
