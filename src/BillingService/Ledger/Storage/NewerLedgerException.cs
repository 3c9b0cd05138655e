namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>The ledger was written by a newer release, whose tables this one doesn't know.</summary>
internal sealed class NewerLedgerException(long version, int latest)
    : Exception($"It holds a ledger of version {version}, made by a newer release; this one knows versions up to {latest}. Update the billing service.");
