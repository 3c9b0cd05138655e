using System.Data.Common;

namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>
/// The only transaction that writes to the ledger at its time, on this database as a whole: what it reads stays true until it ends.
/// Disposing it without a commit undoes all it did.
/// </summary>
internal interface ILedgerTransaction : IAsyncDisposable
{
    /// <summary>For statements that the two databases share.</summary>
    public DbConnection Connection { get; }

    /// <summary>The transaction on <see cref="Connection"/>.</summary>
    public DbTransaction DbTransaction { get; }

    /// <summary>Inserts many rows. Returns how many were inserted or updated.</summary>
    /// <param name="table">Where to.</param>
    /// <param name="onConflict">The <c>ON CONFLICT</c> clause, or empty.</param>
    /// <param name="columns">The rows; no two of the same primary key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<int> InsertAsync(string table, string onConflict, IReadOnlyList<Column> columns, CancellationToken cancellationToken);

    /// <summary>Looks up many rows by their key.</summary>
    /// <param name="table">Where.</param>
    /// <param name="values">The columns to read, separated by commas.</param>
    /// <param name="keys">The columns that make the key.</param>
    /// <param name="found">Called for each key that is there: its index, and a reader with <paramref name="values"/> from column 1 on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task FindAsync(
        string table, string values, IReadOnlyList<Column> keys, Action<int, DbDataReader> found, CancellationToken cancellationToken);

    /// <summary>Keeps all of it. When this returns it survives a power cut.</summary>
    public Task CommitAsync(CancellationToken cancellationToken);
}
