namespace OpenAIProxy.BillingService.Queries;

/// <summary>Marks a route that asks nothing of upstream.</summary>
internal sealed class LedgerOnly;
