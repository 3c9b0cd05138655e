namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>The ledger lacks steps that a service of this release takes at its start.</summary>
internal sealed class OlderLedgerException(long version, int latest) : Exception(version == 0
    ? "It has no tables yet. Start the service first: it makes them."
    : $"It is of version {version}, made by an earlier release; this one reads version {latest}. Start the service first: it brings the ledger up to date.");
