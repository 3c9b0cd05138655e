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

    /// <summary>
    /// A table's definition, written for PostgreSQL and with <c>{options}</c> at its end, or a query, with <c>{in @Keys}</c> where a column is to be
    /// one of these, in this database's words.
    /// </summary>
    public string Translate(string definition);

    /// <summary>
    /// Finds out, within the time that a health probe has, whether a write would go through: no lock stands in its way, and the tables are of
    /// a form that this release knows.
    /// </summary>
    /// <param name="write">True if something is to be written for it; nothing of it stays.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if somebody of this service writes at the moment: what becomes of that will tell.</returns>
    /// <exception cref="NewerLedgerException">The tables are those of a newer release.</exception>
    public Task<bool> TryProbeAsync(bool write, CancellationToken cancellationToken);

    /// <summary>Waits until nobody else writes, and begins a transaction that has the ledger to itself.</summary>
    public Task<ILedgerTransaction> BeginAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Begins a transaction beside those of other services that were begun so, where the database can do that; it waits for those of
    /// <see cref="BeginAsync"/>, and they for it. A service has one at a time: a second one would only share its batches with the first. So that none of
    /// them waits for one that waits for it, all use the tables in one order (see BatchWriter) and rows in the order of their key.
    /// </summary>
    public Task<ILedgerTransaction> BeginSharedAsync(CancellationToken cancellationToken);
}
