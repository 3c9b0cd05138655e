using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>A transaction in SQLite: one prepared statement, run for each row, for no round trip is saved by anything cleverer.</summary>
internal sealed class SqliteLedgerTransaction(SqliteWriter writer, SqliteTransaction transaction, Action<bool> end) : ILedgerTransaction
{
    private bool _committed;

    public DbConnection Connection => writer.Connection;

    public DbTransaction DbTransaction => transaction;

    public Task LockNumbersAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task InsertAsync(string table, string onConflict, IReadOnlyList<Column> columns, CancellationToken cancellationToken)
    {
        writer.Run(Insert(table, onConflict, columns), columns);
        return Task.CompletedTask;
    }

    public Task<bool[]> InsertNewAsync(string table, IReadOnlyList<Column> columns, CancellationToken cancellationToken)
    {
        var inserted = new bool[columns[0].Values.Length];
        writer.Run(Insert(table, "ON CONFLICT DO NOTHING", columns), columns, (row, changed) => inserted[row] = changed > 0);
        return Task.FromResult(inserted);
    }

    public Task FindAsync(
        string table, string values, IReadOnlyList<Column> keys, Action<int, DbDataReader> found, CancellationToken cancellationToken)
    {
        var condition = string.Join(" AND ", keys.Select((k, i) => $"{k.Name} = {Parameter(i)}"));
        var command = Command($"SELECT 0, {values} FROM {table} WHERE {condition}", keys);
        for (var row = 0; row < keys[0].Values.Length; row++)
        {
            Bind(command, keys, row);
            using var reader = command.ExecuteReader();
            if (reader.Read())
            {
                found(row, reader);
            }
        }

        return Task.CompletedTask;
    }

    public Task FindAndLockAsync(
        string table, string values, IReadOnlyList<Column> keys, Action<int, DbDataReader> found, CancellationToken cancellationToken)
        => FindAsync(table, values, keys, found, cancellationToken);

    public Task CommitAsync(CancellationToken cancellationToken)
    {
        transaction.Commit();
        _committed = true;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        try
        {
            transaction.Dispose();
        }
        catch (SqliteException)
        {
            // Rolled back by SQLite itself, as it does when the disk is full.
        }
        finally
        {
            end(!_committed);
        }

        return ValueTask.CompletedTask;
    }

    private static string Insert(string table, string onConflict, IReadOnlyList<Column> columns)
    {
        var names = string.Join(", ", columns.Select(c => c.Name));
        var values = string.Join(", ", columns.Select(_ => "?"));
        return $"INSERT INTO {table} ({names}) VALUES ({values}) {onConflict}";
    }

    private SqliteCommand Command(string sql, IReadOnlyList<Column> columns)
    {
        var command = writer.Command(sql);
        command.Transaction = transaction;
        for (var i = command.Parameters.Count; i < columns.Count; i++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = Parameter(i) });
        }

        return command;
    }

    private static void Bind(SqliteCommand command, IReadOnlyList<Column> columns, int row)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            command.Parameters[i].Value = columns[i].Values switch
            {
                long[] numbers => numbers[row],
                string[] texts => texts[row],
                byte[][] blobs => blobs[row],
                _ => throw new ArgumentException("A column must hold numbers, strings or byte arrays.", nameof(columns)),
            };
        }
    }

    private static string Parameter(int index) => "@p" + index.ToString(CultureInfo.InvariantCulture);
}
