using Npgsql;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>
/// A ledger in PostgreSQL that takes no batch until it is let go: who writes one waits in the middle of it. It can be read meanwhile. The
/// server must be the test's own, for its locks are looked at.
/// </summary>
internal sealed class HeldLedger : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _holder;
    private readonly NpgsqlTransaction _hold;
    private string[] _waiting = [];

    private HeldLedger(NpgsqlDataSource source, NpgsqlConnection holder, NpgsqlTransaction hold)
    {
        (_source, _holder, _hold) = (source, holder, hold);
    }

    public static async Task<HeldLedger> HoldAsync(string connectionString)
    {
        var source = NpgsqlDataSource.Create(connectionString);
        var holder = await source.OpenConnectionAsync();
        var hold = await holder.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("LOCK TABLE usage_batch IN EXCLUSIVE MODE", holder, hold);
        await command.ExecuteNonQueryAsync();
        return new HeldLedger(source, holder, hold);
    }

    /// <summary>Waits until as many billing services have begun to write. Each writes one batch at a time.</summary>
    public async Task WaitedForAsync(int billings)
    {
        // Not who deletes old batches, which each does at its start.
        const string sql = "SELECT DISTINCT l.virtualtransaction FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
            + "WHERE NOT l.granted AND a.query NOT LIKE 'DELETE%'";
        _waiting = await HangGuard.Until(
            () => ReadAsync(sql, []),
            waiting => waiting.Length == billings, $"{billings} billing services write to the ledger");
    }

    /// <summary>Lets go, and waits until what was being written is in the ledger, or undone if its writer is gone.</summary>
    public async Task LetGoAsync()
    {
        await _hold.RollbackAsync();
        await HangGuard.Until(
            () => ReadAsync("SELECT virtualtransaction FROM pg_locks WHERE virtualtransaction = ANY(@waiting)", _waiting),
            left => left.Length == 0, "what was being written has ended");
    }

    public async ValueTask DisposeAsync()
    {
        await _hold.DisposeAsync();
        await _holder.DisposeAsync();
        await _source.DisposeAsync();
    }

    private async Task<string[]> ReadAsync(string sql, string[] waiting)
    {
        await using var command = _source.CreateCommand(sql);
        command.Parameters.AddWithValue("waiting", waiting);
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync())
        {
            found.Add(reader.GetString(0));
        }

        return [.. found];
    }
}
