using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>
/// The connection that writes, with its statements prepared once. Many rows go through SQLite's own functions: a command binds each
/// parameter by its name and boxes its value, which takes longer than to write the row.
/// </summary>
internal sealed class SqliteWriter(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private readonly Dictionary<string, sqlite3_stmt> _statements = new(StringComparer.Ordinal);

    public SqliteConnection Connection => connection;

    /// <summary>A command that is prepared when it is run for the first time.</summary>
    public SqliteCommand Command(string sql)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            _commands.Add(sql, command);
        }

        return command;
    }

    /// <summary>Runs <paramref name="sql"/> for each row, its columns being the parameters in their order.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="columns">The rows.</param>
    /// <param name="done">Called for each row with its index and how many rows of the table it changed.</param>
    /// <exception cref="SqliteException">SQLite refused a row.</exception>
    public void Run(string sql, IReadOnlyList<Column> columns, Action<int, int>? done = null)
    {
        var database = connection.Handle!;
        if (!_statements.TryGetValue(sql, out var statement))
        {
            SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out statement), database);
            _statements.Add(sql, statement);
        }

        for (var row = 0; row < columns[0].Values.Length; row++)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                Bind(statement, i + 1, columns[i].Values, row);
            }

            var result = raw.sqlite3_step(statement);
            if (result != raw.SQLITE_DONE)
            {
                // The error is the connection's until the next call.
                try
                {
                    SqliteException.ThrowExceptionForRC(result, database);
                }
                finally
                {
                    raw.sqlite3_reset(statement);
                }
            }

            done?.Invoke(row, raw.sqlite3_changes(database));
            raw.sqlite3_reset(statement);
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    private static void Bind(sqlite3_stmt statement, int index, Array values, int row)
    {
        var result = values switch
        {
            long[] numbers => raw.sqlite3_bind_int64(statement, index, numbers[row]),
            string[] texts => raw.sqlite3_bind_text(statement, index, texts[row]),
            // A pointer to no bytes would be NULL.
            byte[][] blobs when blobs[row].Length == 0 => raw.sqlite3_bind_zeroblob(statement, index, 0),
            byte[][] blobs => raw.sqlite3_bind_blob(statement, index, blobs[row]),
            _ => throw new ArgumentException("A column must hold numbers, strings or byte arrays.", nameof(values)),
        };
        SqliteException.ThrowExceptionForRC(result, null);
    }
}
