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

    // A service that is frozen or cut off in the middle of its turn must not keep the others from theirs.
    private const string TakeTurn = "SET LOCAL idle_in_transaction_session_timeout = 30000; SELECT pg_advisory_xact_lock(@Lock)";

    private readonly SemaphoreSlim _turn = new(1, 1);

    public string Setting => "ConnectionStrings:ledger";

    public bool IsLocal => false;

    public DbDataSource Source => source;

    // Rows are updated often, and in place where their page has room.
    public string Translate(string definition) => definition.Replace("{options}", "WITH (fillfactor = 70)", StringComparison.Ordinal);

    public async Task<ILedgerTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        DbConnection? connection = null;
        try
        {
            connection = await source.OpenConnectionAsync(cancellationToken);
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(TakeTurn, new { Lock }, transaction, cancellationToken: cancellationToken));
            return new PostgresTurn(connection, transaction, () => _turn.Release());
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
                _turn.Release();
            }

            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The source is the container's, which disposes it after this.
        await _turn.WaitAsync();
        _turn.Dispose();
    }
}
