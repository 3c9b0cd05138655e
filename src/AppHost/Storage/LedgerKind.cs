namespace OpenAIProxy.AppHost.Storage;

/// <summary>Where usage is kept: the values of <c>--ledger</c>.</summary>
internal enum LedgerKind
{
    /// <summary>A SQLite file, for one billing service.</summary>
    Sqlite,

    /// <summary>PostgreSQL: the one that <c>ConnectionStrings:ledger</c> names, or one in a container.</summary>
    Postgres,
}
