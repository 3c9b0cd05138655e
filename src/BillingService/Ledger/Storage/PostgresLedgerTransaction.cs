using System.Data.Common;
using System.Globalization;

namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>
/// A transaction in PostgreSQL: all rows in one statement, as arrays. Others wait for the rows that it locks. So statements whose results nobody
/// waits for go with the next one, and a shared transaction gives its rows free before the disk has them: that is waited for afterwards.
/// </summary>
internal sealed class PostgresLedgerTransaction(DbConnection connection, DbTransaction transaction, bool isShared, Action end) : ILedgerTransaction
{
    // "openaipx" and 1: PostgresDatabase has the number before it.
    private const long NumbersLock = 0x6F70656E61697079;

    private const string Batches = "usage_batch";

    // A transaction of its own that writes nothing but a line into the log: its commit waits until the log is on the disk (and with standbys, if the
    // server is set so), up to this line and so with all that was committed before it. Behind a pooler the server may have crashed in between, and
    // this one is answered by the server that has come back without the commit: so it looks whether that is there.
    private const string Flush = "SELECT EXISTS (SELECT 1 FROM " + Batches + " WHERE id = $1), pg_logical_emit_message(true, 'openaiproxy', '')";

    private DbBatch? _unsent;
    private byte[]? _batch;

    public DbConnection Connection => connection;

    public DbTransaction DbTransaction => transaction;

    public async Task LockNumbersAsync(CancellationToken cancellationToken)
    {
        await using var batch = With($"SELECT pg_advisory_xact_lock({NumbersLock.ToString(CultureInfo.InvariantCulture)})", []);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task InsertAsync(string table, string onConflict, IReadOnlyList<Column> columns, CancellationToken cancellationToken)
    {
        _unsent = With(Insert(table, onConflict, columns), columns);
        return Task.CompletedTask;
    }

    public async Task<bool[]> InsertNewAsync(string table, IReadOnlyList<Column> columns, CancellationToken cancellationToken)
    {
        var keys = (byte[][])columns[0].Values;
        _batch = table == Batches ? keys[0] : _batch;
        var inserted = new HashSet<string>(StringComparer.Ordinal);
        await using var batch = With($"{Insert(table, "ON CONFLICT DO NOTHING", columns)} RETURNING {columns[0].Name}", columns);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            inserted.Add(Convert.ToHexString((byte[])reader[0]));
        }

        return Array.ConvertAll(keys, key => inserted.Contains(Convert.ToHexString(key)));
    }

    public Task FindAsync(
        string table, string values, IReadOnlyList<Column> keys, Action<int, DbDataReader> found, CancellationToken cancellationToken)
        => FindAsync(table, values, keys, "", found, cancellationToken);

    // Sorted first, then locked: so says the manual of SELECT.
    public Task FindAndLockAsync(
        string table, string values, IReadOnlyList<Column> keys, Action<int, DbDataReader> found, CancellationToken cancellationToken)
        => FindAsync(table, values, keys, "ORDER BY k.n FOR UPDATE OF t", found, cancellationToken);

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_unsent is not null)
        {
            await using var unsent = _unsent;
            _unsent = null;
            await unsent.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        if (isShared && _batch is { } batch)
        {
            await FlushAsync(batch, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            try
            {
                await transaction.DisposeAsync();
            }
            finally
            {
                await connection.DisposeAsync();
            }
        }
        catch (DbException)
        {
            // The connection is gone, and its transaction with it.
        }
        finally
        {
            end();
        }
    }

    private async Task FlushAsync(byte[] batch, CancellationToken cancellationToken)
    {
        await using var flush = connection.CreateCommand();
        flush.CommandText = Flush;
        var id = flush.CreateParameter();
        id.Value = batch;
        flush.Parameters.Add(id);
        if (await flush.ExecuteScalarAsync(cancellationToken) is not true)
        {
            throw new IOException("The database has lost what it had committed.");
        }
    }

    private static string Insert(string table, string onConflict, IReadOnlyList<Column> columns)
        => $"INSERT INTO {table} ({string.Join(", ", columns.Select(c => c.Name))}) SELECT * FROM unnest({Parameters(columns.Count)}) {onConflict}";

    private static string Parameters(int count) => string.Join(", ", Enumerable.Range(1, count).Select(i => "$" + Number(i)));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task FindAsync(
        string table, string values, IReadOnlyList<Column> keys, string end, Action<int, DbDataReader> found, CancellationToken cancellationToken)
    {
        var names = string.Join(", ", keys.Select((_, i) => "p" + Number(i)));
        var condition = string.Join(" AND ", keys.Select((k, i) => $"t.{k.Name} = k.p{Number(i)}"));
        await using var batch = With(
            $"SELECT k.n, {values} FROM unnest({Parameters(keys.Count)}) WITH ORDINALITY AS k({names}, n) JOIN {table} t ON {condition} {end}", keys);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found((int)reader.GetInt64(0) - 1, reader);
        }
    }

    // A statement behind those that are not sent yet. Numbered parameters are what the server takes; names would be replaced in the text.
    private DbBatch With(string sql, IReadOnlyList<Column> columns)
    {
        var batch = _unsent ?? connection.CreateBatch();
        _unsent = null;
        batch.Transaction = transaction;
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        foreach (var column in columns)
        {
            var parameter = command.CreateParameter();
            parameter.Value = column.Values;
            command.Parameters.Add(parameter);
        }

        batch.BatchCommands.Add(command);
        return batch;
    }
}
