using System.Data.Common;
using Microsoft.Data.Sqlite;
using OpenAIProxy.ServiceDefaults.Files;

namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>The ledger in one file. One writer at a time: within the process by a semaphore, among processes by SQLite's own lock.</summary>
internal sealed class SqliteDatabase : ILedgerDatabase
{
    // Within a write's deadline, LedgerState.WriteTimeout.
    private const int BusySeconds = 5;
    private const int ProbeSeconds = 1;

    // Readers go on while somebody writes. FULL: a batch is acknowledged, and then deleted by its gateway, so it has to survive a power cut
    // too; NORMAL would lose the last second. The cache holds the pages of the days and hours that are written to.
    private const string Pragmas =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4000; "
        + "PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY;";

    private readonly string _file;
    private readonly string _connectionString;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private SqliteWriter? _writer;

    public SqliteDatabase(string file)
    {
        _file = file;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = BusySeconds }.ToString();
        Source = SqliteFactory.Instance.CreateDataSource(_connectionString);
    }

    public string Setting => "Ledger:File";

    public bool IsLocal => true;

    public DbDataSource Source { get; }

    public string Translate(string definition) => definition
        .Replace("bigint", "INTEGER", StringComparison.Ordinal)
        .Replace("bytea", "BLOB", StringComparison.Ordinal)
        .Replace("{binary}", "", StringComparison.Ordinal)
        .Replace("{in @Keys}", "IN @Keys", StringComparison.Ordinal)
        .Replace("{options}", "WITHOUT ROWID, STRICT", StringComparison.Ordinal);

    public Task<ILedgerTransaction> BeginSharedAsync(CancellationToken cancellationToken) => BeginAsync(cancellationToken);

    public async Task<ILedgerTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            _writer ??= Open();
            return new SqliteLedgerTransaction(_writer, _writer.Connection.BeginTransaction(), End);
        }
        catch
        {
            End(failed: true);
            throw;
        }
    }

    public async Task<bool> TryProbeAsync(bool write, CancellationToken cancellationToken)
    {
        if (!await _writing.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return false;
        }

        try
        {
            var options = new SqliteConnectionStringBuilder(_connectionString) { DefaultTimeout = ProbeSeconds, Pooling = false };
            options.Mode = SqliteOpenMode.ReadWrite;
            await using var connection = new SqliteConnection(options.ToString());
            await connection.OpenAsync(cancellationToken);
            // Takes the lock of the one who writes.
            await using var transaction = connection.BeginTransaction();
            await LedgerProbe.RunAsync(connection, transaction, write, cancellationToken);
            return true;
        }
        finally
        {
            _writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync();
        Close();
        await Source.DisposeAsync();
        using var any = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(any);
        _writing.Dispose();
    }

    private SqliteWriter Open()
    {
        OwnFiles.CreateFolder(Path.GetDirectoryName(_file)!);
        MakeOwn();
        // Not of the pool: its settings are a writer's, and its statements stay prepared.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(_connectionString) { Pooling = false }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
            return new SqliteWriter(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // SQLite gives its files beside the ledger the ledger's mode; those that are there may be of an earlier version.
    private void MakeOwn()
    {
        if (!File.Exists(_file))
        {
            using var empty = new FileStream(_file, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
            }.AsOwn());
        }

        foreach (var ending in (ReadOnlySpan<string>)["", "-wal", "-shm", "-journal"])
        {
            OwnFiles.Close(_file + ending);
        }
    }

    private void End(bool failed)
    {
        if (failed)
        {
            // A file that was full, moved or unreadable is best opened anew.
            Close();
        }

        _writing.Release();
    }

    private void Close()
    {
        _writer?.Dispose();
        _writer = null;
    }
}
