using System.Collections.Concurrent;
using Dapper;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Ledger.Storage;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>An empty place for a ledger, in which any number of them can be opened, as by several services.</summary>
public sealed class LedgerRig : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-ledger-");
    private readonly string? _connection;
    private readonly ConcurrentQueue<IAsyncDisposable> _open = [];

    private LedgerRig(string? connection) => _connection = connection;

    public ManualClock Clock { get; } = new();

    public string File => Path.Combine(_folder.FullName, "not/there/yet/ledger.db");

    /// <summary>The place as the service's settings name it.</summary>
    public (string Name, string Value) Setting => _connection is null ? ("Ledger:File", File) : ("ConnectionStrings:ledger", _connection);

    public static async Task<LedgerRig> CreateAsync(LedgerKind kind, Postgres postgres)
        => new(kind == LedgerKind.Sqlite ? null : await postgres.CreateDatabaseAsync());

    /// <summary>The same place, reached another way.</summary>
    public static LedgerRig At(string connection) => new(connection);

    /// <summary>Opens it, as a service that starts.</summary>
    internal async Task<UsageLedger> OpenAsync()
    {
        var database = Database();
        await Migrations.ApplyAsync(database, CancellationToken.None);
        var state = new LedgerState(Clock, NullLogger<LedgerState>.Instance);
        state.Ready();
        return new UsageLedger(database, state, new LedgerDamage(NullLogger<LedgerDamage>.Instance), Clock);
    }

    /// <summary>A connection to it that nothing else uses.</summary>
    internal ILedgerDatabase Database()
    {
        if (_connection is null)
        {
            var file = new SqliteDatabase(File);
            _open.Enqueue(file);
            return file;
        }

        var source = NpgsqlDataSource.Create(_connection);
        var database = new PostgresDatabase(source);
        // The database waits for its writer before the source goes.
        _open.Enqueue(database);
        _open.Enqueue(source);
        return database;
    }

    /// <summary>Deletes what is due with this retention, such as <c>30d</c>.</summary>
    internal async Task DeleteOldAsync(string? retention)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Ledger:Retention", retention)]).Build();
        var upkeep = new LedgerUpkeep(Database(), BillingSettings.Read(configuration).Ledger, Clock, NullLogger<LedgerUpkeep>.Instance);
        await upkeep.DeleteAsync(CancellationToken.None);
    }

    /// <summary>Asks the database itself for a number.</summary>
    internal async Task<long> NumberAsync(string sql)
    {
        await using var connection = await Database().Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    /// <summary>Tells the database itself to do something.</summary>
    internal Task ExecuteAsync(string sql) => ExecuteAsync(Database(), sql);

    /// <summary>Tells a database itself to do something.</summary>
    internal static async Task ExecuteAsync(ILedgerDatabase database, string sql)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _open)
        {
            await opened.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
