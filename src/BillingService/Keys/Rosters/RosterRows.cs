using System.Data.Common;
using Dapper;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Keys.Rosters;

/// <summary>The statements on the tables of rosters, the same for SQLite and PostgreSQL. Times are seconds since 1970.</summary>
internal static class RosterRows
{
    private const string OnConflict = "ON CONFLICT (id) DO UPDATE SET name = excluded.name, owner = excluded.owner, team = excluded.team "
        + "WHERE configured_key.name <> excluded.name OR configured_key.owner <> excluded.owner OR configured_key.team <> excluded.team";

    /// <summary>All rosters, without what is in them.</summary>
    public static async Task<IReadOnlyList<ToldRoster>> ToldAsync(DbConnection connection, DbTransaction? transaction, CancellationToken cancellationToken)
        => [.. await connection.QueryAsync<ToldRoster>(Command(
            "SELECT mark AS Mark, since AS Since, told AS Told FROM key_roster ORDER BY since DESC, mark", null, transaction, cancellationToken))];

    /// <summary>The JSON of a roster; null if it is not there.</summary>
    public static Task<string?> RosterAsync(DbConnection connection, string mark, CancellationToken cancellationToken)
        => connection.ExecuteScalarAsync<string?>(Command("SELECT roster FROM key_roster WHERE mark = @Mark", new { Mark = mark }, null, cancellationToken));

    /// <summary>All keys that were ever told of.</summary>
    public static async Task<IReadOnlyList<KnownKey>> KeysAsync(DbConnection connection, CancellationToken cancellationToken)
        => [.. await connection.QueryAsync<KnownKey>(Command(
            "SELECT id AS Id, name AS Name, owner AS Owner, team AS Team FROM configured_key", null, null, cancellationToken))];

    /// <summary>Notes that a roster is still told. False if it is not there.</summary>
    public static async Task<bool> TouchAsync(ILedgerTransaction transaction, string mark, long now, CancellationToken cancellationToken)
        => await transaction.Connection.ExecuteAsync(Command(
            "UPDATE key_roster SET told = @Now WHERE mark = @Mark", new { Mark = mark, Now = now }, transaction.DbTransaction, cancellationToken)) > 0;

    /// <summary>Keeps a roster as the newest, also among those of the same second.</summary>
    public static Task WriteAsync(ILedgerTransaction transaction, string mark, string json, long now, CancellationToken cancellationToken)
        => transaction.Connection.ExecuteAsync(Command(
            "INSERT INTO key_roster (mark, roster, since, told) "
                + "SELECT @Mark, @Json, CASE WHEN newest.since >= @Now THEN newest.since + 1 ELSE @Now END, @Now "
                + "FROM (SELECT coalesce(max(since), 0) AS since FROM key_roster) newest WHERE true "
                + "ON CONFLICT (mark) DO UPDATE SET since = excluded.since, told = excluded.told",
            new { Mark = mark, Json = json, Now = now }, transaction.DbTransaction, cancellationToken));

    /// <summary>Forgets rosters that were not told since a time. Their keys stay known.</summary>
    public static Task DeleteAsync(ILedgerTransaction transaction, long before, CancellationToken cancellationToken)
        => transaction.Connection.ExecuteAsync(Command(
            "DELETE FROM key_roster WHERE told < @Before", new { Before = before }, transaction.DbTransaction, cancellationToken));

    /// <summary>Keeps whose the keys are; what was told last of a key holds.</summary>
    public static async Task WriteAsync(ILedgerTransaction transaction, IReadOnlyList<RosterKey> keys, CancellationToken cancellationToken)
    {
        if (keys.Count > 0)
        {
            Column[] columns =
            [
                Column("id", key => key.Id), Column("name", key => key.Name), Column("owner", key => key.Owner), Column("team", key => key.Team),
            ];
            await transaction.InsertAsync("configured_key", OnConflict, columns, cancellationToken);
        }

        Column Column(string name, Func<RosterKey, string> value) => new(name, keys.Select(value).ToArray());
    }

    private static CommandDefinition Command(string sql, object? parameters, DbTransaction? transaction, CancellationToken cancellationToken)
        => new(sql, parameters, transaction, cancellationToken: cancellationToken);
}
