namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>Where a ledger is kept.</summary>
public enum LedgerKind
{
    Sqlite,
    PostgreSql,
}
