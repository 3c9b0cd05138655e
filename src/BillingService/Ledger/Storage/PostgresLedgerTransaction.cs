using System.Data.Common;
using System.Globalization;

namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>A transaction in PostgreSQL: all rows in one statement, as arrays.</summary>
internal sealed class PostgresLedgerTransaction(DbConnection connection, DbTransaction transaction, Action end) : ILedgerTransaction
{
    public DbConnection Connection => connection;

    public DbTransaction DbTransaction => transaction;

    public async Task<int> InsertAsync(string table, string onConflict, IReadOnlyList<Column> columns, CancellationToken cancellationToken)
    {
        var names = string.Join(", ", columns.Select(c => c.Name));
        await using var command = Command($"INSERT INTO {table} ({names}) SELECT * FROM unnest({Parameters(columns.Count)}) {onConflict}", columns);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task FindAsync(
        string table, string values, IReadOnlyList<Column> keys, Action<int, DbDataReader> found, CancellationToken cancellationToken)
    {
        var names = string.Join(", ", keys.Select((_, i) => Name(i)));
        var condition = string.Join(" AND ", keys.Select((k, i) => $"t.{k.Name} = k.{Name(i)}"));
        await using var command = Command(
            $"SELECT k.n, {values} FROM unnest({Parameters(keys.Count)}) WITH ORDINALITY AS k({names}, n) JOIN {table} t ON {condition}", keys);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found((int)reader.GetInt64(0) - 1, reader);
        }
    }

    public Task CommitAsync(CancellationToken cancellationToken) => transaction.CommitAsync(cancellationToken);

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

    private DbCommand Command(string sql, IReadOnlyList<Column> columns)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        for (var i = 0; i < columns.Count; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = Name(i);
            parameter.Value = columns[i].Values;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static string Parameters(int count) => string.Join(", ", Enumerable.Range(0, count).Select(i => "@" + Name(i)));

    private static string Name(int index) => "p" + index.ToString(CultureInfo.InvariantCulture);
}
