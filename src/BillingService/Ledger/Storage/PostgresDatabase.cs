using System.Data.Common;
using Dapper;
using Npgsql;

namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>
/// The ledger in PostgreSQL, for any number of services. Those who take batches write beside each other: they share an advisory lock, and rows are
/// taken in the order of their key. Who changes tables, keys or alerts, or deletes, has the lock alone, and so has a service of a release that knew
/// no other way. Nothing outlives its transaction in a session, so a pooler may give each transaction another connection.
/// </summary>
internal sealed class PostgresDatabase(NpgsqlDataSource source) : ILedgerDatabase
{
    // "openaipx" in ASCII: any number will do that nobody else takes in this database. PostgresLedgerTransaction has the next.
    private const long Lock = 0x6F70656E61697078;

    // Who holds a lock must not keep a write from failing before its deadline, LedgerState.WriteTimeout.
    private const string Patience = "SET LOCAL lock_timeout = 5000; ";

    // As long as a probe has time.
    private const string ProbePatience = "SET LOCAL lock_timeout = 1500; ";

    // A service that is frozen or cut off in the middle of a transaction must not keep the others from writing.
    private const string EndIdle = "SET LOCAL idle_in_transaction_session_timeout = 10000; ";

    private const string TakeLock = EndIdle + "SELECT pg_advisory_xact_lock(@Lock); ";
    private const string ShareLock = EndIdle + "SELECT pg_advisory_xact_lock_shared(@Lock); ";

    // Rows are given free before the disk has them: PostgresLedgerTransaction waits for that afterwards.
    private const string Early = "SET LOCAL synchronous_commit = off; ";

    // The lock that inserting and updating take: writers don't hinder each other by it.
    private const string LockTables =
        "LOCK TABLE usage_batch, usage_once, usage_dims, usage_hour, usage_day, usage_latency, key_label IN ROW EXCLUSIVE MODE";

    private readonly SemaphoreSlim _alone = new(1, 1);
    private readonly SemaphoreSlim _shared = new(1, 1);

    public string Setting => "ConnectionStrings:ledger";

    public bool IsLocal => false;

    public DbDataSource Source => source;

    // Rows are updated often, and in place where their page has room.
    public string Translate(string definition) => definition
        .Replace("{binary}", " COLLATE \"C\"", StringComparison.Ordinal)
        // Dapper writes no list of parameters for Npgsql, which takes arrays.
        .Replace("{in @Keys}", "= ANY(@Keys)", StringComparison.Ordinal)
        .Replace("{options}", "WITH (fillfactor = 70)", StringComparison.Ordinal);

    public Task<ILedgerTransaction> BeginAsync(CancellationToken cancellationToken) => BeginAsync(isShared: false, cancellationToken);

    public Task<ILedgerTransaction> BeginSharedAsync(CancellationToken cancellationToken) => BeginAsync(isShared: true, cancellationToken);

    public async Task<bool> TryProbeAsync(bool write, CancellationToken cancellationToken)
    {
        if (write && !await _shared.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return false;
        }

        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var sql = ProbePatience + (write ? ShareLock : "") + LockTables;
            await connection.ExecuteAsync(new CommandDefinition(sql, new { Lock }, transaction, cancellationToken: cancellationToken));
            await LedgerProbe.RunAsync(connection, transaction, write, cancellationToken);
            return true;
        }
        finally
        {
            if (write)
            {
                _shared.Release();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The source is the container's, which disposes it after this.
        await _alone.WaitAsync();
        await _shared.WaitAsync();
        _alone.Dispose();
        _shared.Dispose();
    }

    private async Task<ILedgerTransaction> BeginAsync(bool isShared, CancellationToken cancellationToken)
    {
        var turn = isShared ? _shared : _alone;
        await turn.WaitAsync(cancellationToken);
        DbConnection? connection = null;
        try
        {
            connection = await source.OpenConnectionAsync(cancellationToken);
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var sql = Patience + (isShared ? Early + ShareLock : TakeLock);
            await connection.ExecuteAsync(new CommandDefinition(sql, new { Lock }, transaction, cancellationToken: cancellationToken));
            return new PostgresLedgerTransaction(connection, transaction, isShared, () => turn.Release());
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
                turn.Release();
            }

            throw;
        }
    }
}
