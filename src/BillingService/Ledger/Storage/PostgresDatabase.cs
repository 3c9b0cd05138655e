using System.Data.Common;
using Dapper;
using Npgsql;

namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>
/// The ledger in PostgreSQL, for any number of services. One of them writes at a time, by an advisory lock: every batch adds to the same few
/// rows of the day, so row locks would queue them all the same, and could deadlock.
/// </summary>
internal sealed class PostgresDatabase(NpgsqlDataSource source) : ILedgerDatabase
{
    // "openaipx" in ASCII: any number will do that nobody else takes in this database.
    private const long Lock = 0x6F70656E61697078;

    // Who holds a lock must not keep a write from failing before its deadline, LedgerState.WriteTimeout.
    private const string Patience = "SET LOCAL lock_timeout = 5000; ";

    // As long as a probe has time.
    private const string ProbePatience = "SET LOCAL lock_timeout = 1500; ";

    // A service that is frozen or cut off in the middle of a transaction must not keep the others from writing.
    private const string TakeLock = "SET LOCAL idle_in_transaction_session_timeout = 10000; SELECT pg_advisory_xact_lock(@Lock); ";

    // The lock that inserting and updating take: writers don't hinder each other by it.
    private const string LockTables =
        "LOCK TABLE usage_batch, usage_once, usage_dims, usage_hour, usage_day, usage_latency, key_label IN ROW EXCLUSIVE MODE";

    private readonly SemaphoreSlim _writing = new(1, 1);

    public string Setting => "ConnectionStrings:ledger";

    public bool IsLocal => false;

    public DbDataSource Source => source;

    // Rows are updated often, and in place where their page has room.
    public string Translate(string definition) => definition
        .Replace("{binary}", " COLLATE \"C\"", StringComparison.Ordinal)
        // Dapper writes no list of parameters for Npgsql, which takes arrays.
        .Replace("{in @Keys}", "= ANY(@Keys)", StringComparison.Ordinal)
        .Replace("{options}", "WITH (fillfactor = 70)", StringComparison.Ordinal);

    public async Task<ILedgerTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        DbConnection? connection = null;
        try
        {
            connection = await source.OpenConnectionAsync(cancellationToken);
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(Patience + TakeLock, new { Lock }, transaction, cancellationToken: cancellationToken));
            return new PostgresLedgerTransaction(connection, transaction, () => _writing.Release());
        }
        catch
        {
            try
            {
                if (connection is not null)
                {
                    await connection.DisposeAsync();
                }
            }
            finally
            {
                _writing.Release();
            }

            throw;
        }
    }

    public async Task<bool> TryProbeAsync(bool write, CancellationToken cancellationToken)
    {
        if (write && !await _writing.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return false;
        }

        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var sql = ProbePatience + (write ? TakeLock : "") + LockTables;
            await connection.ExecuteAsync(new CommandDefinition(sql, new { Lock }, transaction, cancellationToken: cancellationToken));
            await LedgerProbe.RunAsync(connection, transaction, write, cancellationToken);
            return true;
        }
        finally
        {
            if (write)
            {
                _writing.Release();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The source is the container's, which disposes it after this.
        await _writing.WaitAsync();
        _writing.Dispose();
    }
}
