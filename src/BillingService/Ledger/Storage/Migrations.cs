using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>
/// Brings the tables to the form that this release knows: numbered steps, forward only, all in one transaction that no other service can enter.
/// A step that was released is never changed.
/// </summary>
internal static class Migrations
{
    private const string Versions = "CREATE TABLE IF NOT EXISTS usage_version (version bigint NOT NULL PRIMARY KEY) {options}";

    private static readonly string[][] Steps = [First(), Second(), Third(), Fourth(), Fifth(), Sixth(), Seventh(), Rosters()];

    /// <summary>The form of the tables after all steps.</summary>
    public static int Latest => Steps.Length;

    /// <summary>Reads the form of the tables, which a newer release may change at any time. Returns it, 0 if it is not written yet.</summary>
    /// <exception cref="NewerLedgerException">The tables are those of a newer release.</exception>
    public static async Task<long> CheckAsync(DbConnection connection, DbTransaction? transaction, CancellationToken cancellationToken)
    {
        var version = await connection.ExecuteScalarAsync<long?>(
            new CommandDefinition("SELECT max(version) FROM usage_version", transaction: transaction, cancellationToken: cancellationToken));
        if (version > Latest)
        {
            throw new NewerLedgerException(version.Value, Latest);
        }

        return version ?? 0;
    }

    /// <summary>Checks, without writing and without a lock, that the tables have the form that this release makes.</summary>
    /// <exception cref="NewerLedgerException">They are those of a newer release.</exception>
    /// <exception cref="OlderLedgerException">Steps are missing, or all of them.</exception>
    public static async Task CheckLatestAsync(ILedgerDatabase database, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        try
        {
            var version = await CheckAsync(connection, null, cancellationToken);
            if (version < Latest)
            {
                throw new OlderLedgerException(version, Latest);
            }
        }
        catch (DbException e) when (IsNoTable(e))
        {
            throw new OlderLedgerException(0, Latest);
        }
    }

    /// <summary>Begins a transaction that writes, in tables of a form that this release knows.</summary>
    /// <exception cref="NewerLedgerException">They are those of a newer release: nothing is to be written.</exception>
    public static async Task<ILedgerTransaction> BeginAsync(ILedgerDatabase database, CancellationToken cancellationToken)
        => await CheckedAsync(await database.BeginAsync(cancellationToken), cancellationToken);

    /// <summary>The same beside others: see <see cref="ILedgerDatabase.BeginSharedAsync"/>.</summary>
    /// <exception cref="NewerLedgerException">They are those of a newer release: nothing is to be written.</exception>
    public static async Task<ILedgerTransaction> BeginSharedAsync(ILedgerDatabase database, CancellationToken cancellationToken)
        => await CheckedAsync(await database.BeginSharedAsync(cancellationToken), cancellationToken);

    private static async Task<ILedgerTransaction> CheckedAsync(ILedgerTransaction transaction, CancellationToken cancellationToken)
    {
        try
        {
            await CheckAsync(transaction.Connection, transaction.DbTransaction, cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes the steps that are missing.</summary>
    /// <exception cref="NewerLedgerException">The tables are those of a newer release.</exception>
    public static async Task ApplyAsync(ILedgerDatabase database, CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginAsync(cancellationToken);
        await Execute(database.Translate(Versions));
        var version = await transaction.Connection.ExecuteScalarAsync<long?>("SELECT max(version) FROM usage_version", transaction: transaction.DbTransaction) ?? 0;
        if (version > Latest)
        {
            throw new NewerLedgerException(version, Latest);
        }

        for (var step = version; step < Latest; step++)
        {
            foreach (var statement in Steps[step])
            {
                await Execute(database.Translate(statement));
            }

            await Execute("INSERT INTO usage_version (version) VALUES (@Version)", new { Version = step + 1 });
        }

        await transaction.CommitAsync(cancellationToken);

        Task<int> Execute(string sql, object? parameters = null)
            => transaction.Connection.ExecuteAsync(new CommandDefinition(sql, parameters, transaction.DbTransaction, cancellationToken: cancellationToken));
    }

    // SQLite has no code of its own for it: it is the only error in this statement.
    private static bool IsNoTable(DbException e)
        => e is SqliteException { SqliteErrorCode: raw.SQLITE_ERROR } or PostgresException { SqlState: PostgresErrorCodes.UndefinedTable };

    private static string[] First()
    {
        string[] names =
        [
            "requests", "errors", "cut", "input", "cached_input", "cache_write", "audio_input", "cached_audio_input", "image_input",
            "cached_image_input", "output", "reasoning_output", "audio_output", "image_output", "quantity",
        ];
        var counts = string.Concat(names.Select(name => $"{name} bigint NOT NULL, "));
        return
        [
            // The batches that were taken; seconds since 1970.
            "CREATE TABLE usage_batch (id bytea NOT NULL PRIMARY KEY, taken bigint NOT NULL) {options}",
            "CREATE INDEX usage_batch_taken ON usage_batch (taken)",
            // What was counted and must not be counted again; days since 1970.
            "CREATE TABLE usage_once (id bytea NOT NULL PRIMARY KEY, day bigint NOT NULL) {options}",
            "CREATE INDEX usage_once_day ON usage_once (day)",
            // Each combination of dimensions once, found by its hash. Those of all keys together have an empty key.
            "CREATE TABLE usage_dims (id bigint NOT NULL PRIMARY KEY, hash bytea NOT NULL UNIQUE, key text NOT NULL, model text NOT NULL, "
                + "requested_model text NOT NULL, endpoint text NOT NULL, tier text NOT NULL, region text NOT NULL, context bigint NOT NULL, "
                + "unit text NOT NULL, estimated bigint NOT NULL) {options}",
            "CREATE INDEX usage_dims_key ON usage_dims (key)",
            $"CREATE TABLE usage_hour (hour bigint NOT NULL, dims_id bigint NOT NULL, {counts}PRIMARY KEY (hour, dims_id)) {{options}}",
            $"CREATE TABLE usage_day (dims_id bigint NOT NULL, day bigint NOT NULL, {counts}PRIMARY KEY (dims_id, day)) {{options}}",
            // Packed histograms, by dimensions of which only key, model and endpoint are set.
            "CREATE TABLE usage_latency (dims_id bigint NOT NULL, day bigint NOT NULL, duration bytea NOT NULL, first_byte bytea NOT NULL, "
                + "PRIMARY KEY (dims_id, day)) {options}",
        ];
    }

    // A constant default is no rewrite of the table, neither in PostgreSQL nor in SQLite: it takes no longer for a large ledger.
    private static string[] Second() =>
    [
        "ALTER TABLE usage_hour ADD COLUMN cache_write_12h bigint NOT NULL DEFAULT 0",
        "ALTER TABLE usage_day ADD COLUMN cache_write_12h bigint NOT NULL DEFAULT 0",
    ];

    private static string[] Third() =>
    [
        // It holds the time to the first token, which its first name did not say.
        "ALTER TABLE usage_latency RENAME COLUMN first_byte TO first_token",
    ];

    private static string[] Fourth() =>
    [
        // What people see of a key instead of its id.
        "CREATE TABLE key_label (key text NOT NULL PRIMARY KEY, name text NOT NULL, ending text NOT NULL) {options}",
        // The models of a key come in order, without a sort. Builds before the first release had it in the second or third form, with keys in
        // another collation.
        "DROP INDEX IF EXISTS usage_dims_key_model",
        "CREATE INDEX usage_dims_key_model ON usage_dims (key{binary}, model{binary})",
        "DROP INDEX IF EXISTS usage_dims_key",
    ];

    private static string[] Fifth() =>
    [
        // Access keys made at run time; a key's rules and the hashes of its secrets are JSON. Seconds since 1970, 0 for never.
        "CREATE TABLE access_key (id text NOT NULL PRIMARY KEY, record text NOT NULL, created bigint NOT NULL, changed bigint NOT NULL, "
            + "revoked bigint NOT NULL) {options}",
        // Every change of a key, for ever. The last number is the version of all keys.
        "CREATE TABLE access_key_change (version bigint NOT NULL PRIMARY KEY, time bigint NOT NULL, actor text NOT NULL, action text NOT NULL, "
            + "key text NOT NULL, name text NOT NULL, fields text NOT NULL) {options}",
    ];

    private static string[] Sixth() =>
    [
        // Who used it below the key; empty where none was told.
        "ALTER TABLE usage_dims ADD COLUMN end_user text NOT NULL DEFAULT ''",
    ];

    private static string[] Seventh() =>
    [
        // Budgets of which a part is spent, and to which webhooks (hashes of their addresses) that is still to be told. Due: seconds since 1970.
        "CREATE TABLE budget_alert (id text NOT NULL PRIMARY KEY, alert text NOT NULL, pending text NOT NULL, attempts bigint NOT NULL, "
            + "due bigint NOT NULL) {options}",
    ];

    private static string[] Rosters() =>
    [
        // What gateways' settings say of access keys and budgets, as JSON, since when, and when that was told last. Seconds since 1970.
        "CREATE TABLE key_roster (mark text NOT NULL PRIMARY KEY, roster text NOT NULL, since bigint NOT NULL, told bigint NOT NULL) {options}",
        // Whose a key of the settings is, or was.
        "CREATE TABLE configured_key (id text NOT NULL PRIMARY KEY, name text NOT NULL, owner text NOT NULL, team text NOT NULL) {options}",
    ];
}
