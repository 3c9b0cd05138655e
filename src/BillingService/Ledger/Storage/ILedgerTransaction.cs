using System.Data.Common;

namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>
/// A transaction that writes to the ledger. What it reads may be changed by others that were begun by
/// <see cref="ILedgerDatabase.BeginSharedAsync"/> until it ends, unless it locks it. Disposing it without a commit undoes all it did.
/// </summary>
internal interface ILedgerTransaction : IAsyncDisposable
{
    /// <summary>For statements that the two databases share.</summary>
    public DbConnection Connection { get; }

    /// <summary>The transaction on <see cref="Connection"/>.</summary>
    public DbTransaction DbTransaction { get; }

    /// <summary>Waits until this is the only transaction that gives numbers to dimensions; it is until it ends.</summary>
    public Task LockNumbersAsync(CancellationToken cancellationToken);

    /// <summary>Inserts many rows, at the latest with the next statement of this interface or the commit, which then throw what goes wrong.</summary>
    /// <param name="table">Where to.</param>
    /// <param name="onConflict">The <c>ON CONFLICT</c> clause, or empty.</param>
    /// <param name="columns">The rows, in the order of the key; no two of the same.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task InsertAsync(string table, string onConflict, IReadOnlyList<Column> columns, CancellationToken cancellationToken);

    /// <summary>Inserts those of many rows whose key isn't there. Waits for others who are about to insert the same.</summary>
    /// <param name="table">Where to.</param>
    /// <param name="columns">The rows, in the order of the key, which is the first column, of bytes; no two of the same.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>For each row whether it was inserted.</returns>
    public Task<bool[]> InsertNewAsync(string table, IReadOnlyList<Column> columns, CancellationToken cancellationToken);

    /// <summary>Looks up many rows by their key.</summary>
    /// <param name="table">Where.</param>
    /// <param name="values">The columns to read, separated by commas.</param>
    /// <param name="keys">The columns that make the key.</param>
    /// <param name="found">Called for each key that is there: its index, and a reader with <paramref name="values"/> from column 1 on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task FindAsync(
        string table, string values, IReadOnlyList<Column> keys, Action<int, DbDataReader> found, CancellationToken cancellationToken);

    /// <summary>The same, and locks the rows in the order in which they are given: they stay as they were read until this ends.</summary>
    public Task FindAndLockAsync(
        string table, string values, IReadOnlyList<Column> keys, Action<int, DbDataReader> found, CancellationToken cancellationToken);

    /// <summary>Keeps all of it. When this returns it survives a power cut.</summary>
    public Task CommitAsync(CancellationToken cancellationToken);
}
