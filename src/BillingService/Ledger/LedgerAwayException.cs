using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>The ledger can't be read or written now: its disk is full, its database away. Nothing was changed; try again later.</summary>
internal sealed class LedgerAwayException(Exception? inner) : BillingException(
    StatusCodes.Status503ServiceUnavailable, "ledger_unavailable", "The usage ledger is not available at the moment. Try again in a few seconds.", inner: inner);
