using OpenAIProxy.BillingService.Telemetry;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>What the ledger reports of itself.</summary>
internal static class LedgerTelemetry
{
    public static void Taken(bool added, int rows)
    {
        BillingTelemetry.Batches.Add(1, Result(added ? BillingTelemetry.Added : BillingTelemetry.Duplicate));
        if (added)
        {
            BillingTelemetry.Rows.Add(rows);
        }
    }

    public static void Refused() => BillingTelemetry.Batches.Add(1, Result(BillingTelemetry.Unavailable));

    private static KeyValuePair<string, object?> Result(string result) => new(BillingTelemetry.ResultTag, result);
}
