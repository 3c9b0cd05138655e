using System.Data.Common;
using Dapper;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Keys;

/// <summary>The statements on the tables of managed keys, the same for SQLite and PostgreSQL. Times are seconds since 1970.</summary>
internal static class KeyRows
{
    private const string Keys = "SELECT record AS Record, created AS Created, changed AS Changed, revoked AS Revoked FROM access_key";

    public static async Task<long> VersionAsync(DbConnection connection, DbTransaction? transaction, CancellationToken cancellationToken)
        => await connection.ExecuteScalarAsync<long?>(Command("SELECT max(version) FROM access_key_change", null, transaction, cancellationToken)) ?? 0;

    public static async Task<IReadOnlyList<ManagedKey>> AllAsync(DbConnection connection, DbTransaction? transaction, CancellationToken cancellationToken)
        => [.. (await connection.QueryAsync<Row>(Command($"{Keys} ORDER BY created, id", null, transaction, cancellationToken))).Select(row => row.Key)];

    public static async Task<ManagedKey?> FindAsync(ILedgerTransaction transaction, string id, CancellationToken cancellationToken)
        => (await transaction.Connection.QuerySingleOrDefaultAsync<Row>(
            Command($"{Keys} WHERE id = @Id", new { Id = id }, transaction.DbTransaction, cancellationToken)))?.Key;

    public static Task WriteAsync(ILedgerTransaction transaction, ManagedKey key, CancellationToken cancellationToken)
        => transaction.Connection.ExecuteAsync(Command(
            "INSERT INTO access_key (id, record, created, changed, revoked) VALUES (@Id, @Record, @Created, @Changed, @Revoked) "
                + "ON CONFLICT (id) DO UPDATE SET record = excluded.record, changed = excluded.changed, revoked = excluded.revoked",
            new
            {
                key.Record.Id,
                Record = AccessKeyJson.Write(key.Record),
                Created = key.Created.ToUnixTimeSeconds(),
                Changed = key.Changed.ToUnixTimeSeconds(),
                Revoked = key.Revoked?.ToUnixTimeSeconds() ?? 0,
            },
            transaction.DbTransaction, cancellationToken));

    public static Task DeleteAsync(ILedgerTransaction transaction, string id, CancellationToken cancellationToken)
        => transaction.Connection.ExecuteAsync(
            Command("DELETE FROM access_key WHERE id = @Id", new { Id = id }, transaction.DbTransaction, cancellationToken));

    public static Task AddAsync(ILedgerTransaction transaction, KeyChange change, CancellationToken cancellationToken)
        => transaction.Connection.ExecuteAsync(Command(
            "INSERT INTO access_key_change (version, time, actor, action, key, name, fields) "
                + "VALUES (@Version, @Time, @Actor, @Action, @Key, @Name, @Fields)",
            new
            {
                change.Version,
                Time = change.Time.ToUnixTimeSeconds(),
                change.Actor,
                change.Action,
                change.Key,
                change.Name,
                Fields = string.Join(' ', change.Fields),
            },
            transaction.DbTransaction, cancellationToken));

    /// <summary>Changes before a version, the newest first.</summary>
    public static async Task<IReadOnlyList<KeyChange>> ChangesAsync(
        DbConnection connection, string? key, long before, int limit, CancellationToken cancellationToken)
    {
        var sql = "SELECT version AS Version, time AS Time, actor AS Actor, action AS Action, key AS Key, name AS Name, fields AS Fields "
            + $"FROM access_key_change WHERE version < @Before{(key is null ? "" : " AND key = @Key")} ORDER BY version DESC LIMIT @Limit";
        var rows = await connection.QueryAsync<ChangeRow>(Command(sql, new { Before = before, Key = key, Limit = limit }, null, cancellationToken));
        return [.. rows.Select(row => row.Change)];
    }

    /// <summary>The last day on which each key was used, as days since 1970; keys that never were are missing.</summary>
    public static async Task<Dictionary<string, long>> LastDaysAsync(ILedgerDatabase database, DbConnection connection, CancellationToken cancellationToken)
    {
        // The last day of each kind of usage is one look into the primary key of usage_day.
        var sql = database.Translate(
            "SELECT t.key AS Key, max(t.day) AS Day FROM (SELECT d.key AS key, (SELECT max(u.day) FROM usage_day u WHERE u.dims_id = d.id) AS day "
            + "FROM usage_dims d WHERE d.key{binary} IN (SELECT id FROM access_key)) t WHERE t.day IS NOT NULL GROUP BY t.key");
        var rows = await connection.QueryAsync<(string Key, long Day)>(Command(sql, null, null, cancellationToken));
        return rows.ToDictionary(row => row.Key, row => row.Day, StringComparer.Ordinal);
    }

    private static CommandDefinition Command(string sql, object? parameters, DbTransaction? transaction, CancellationToken cancellationToken)
        => new(sql, parameters, transaction, cancellationToken: cancellationToken);

    private sealed record Row(string Record, long Created, long Changed, long Revoked)
    {
        public ManagedKey Key => new(
            AccessKeyJson.Read(Record), DateTimeOffset.FromUnixTimeSeconds(Created), DateTimeOffset.FromUnixTimeSeconds(Changed),
            Revoked == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(Revoked));
    }

    private sealed record ChangeRow(long Version, long Time, string Actor, string Action, string Key, string Name, string Fields)
    {
        public KeyChange Change => new(
            Version, DateTimeOffset.FromUnixTimeSeconds(Time), Actor, Action, Key, Name, Fields.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
