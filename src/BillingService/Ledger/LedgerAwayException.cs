namespace OpenAIProxy.BillingService.Ledger;

/// <summary>The ledger can't be read or written now: its disk is full, its database away. Nothing was changed; try again later.</summary>
internal sealed class LedgerAwayException(Exception? inner)
    : Exception("The usage ledger is not available at the moment. Try again in a few seconds.", inner);
