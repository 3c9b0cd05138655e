using System.Data.Common;

namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>Where the ledger is: SQLite or PostgreSQL. Only what differs between them.</summary>
internal interface ILedgerDatabase : IAsyncDisposable
{
    /// <summary>The setting that says where it is.</summary>
    public string Setting { get; }

    /// <summary>True if it is a part of this machine, so that waiting does not cure what is wrong with it at the start.</summary>
    public bool IsLocal { get; }

    /// <summary>Connections for reading.</summary>
    public DbDataSource Source { get; }

    /// <summary>A table's definition, written for PostgreSQL and with <c>{options}</c> at its end, in this database's words.</summary>
    public string Translate(string definition);

    /// <summary>Waits for its turn and begins to write.</summary>
    public Task<ILedgerTransaction> BeginAsync(CancellationToken cancellationToken);
}
