using Dapper;
using OpenAIProxy.BillingService.Ledger.Storage;

namespace OpenAIProxy.BillingService.Tests.Reports;

/// <summary>A billing service, as a process of its own, with the usage of a hundred thousand models by as many keys, each on one of 30 days.</summary>
public sealed class BigLedger : IAsyncLifetime
{
    public const string AdminToken = "admin-T3BlbkFJ-sees-everything";
    public const int Names = 100_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-big-");

    /// <summary>How many names the ledger holds.</summary>
    public int Size { get; init; } = Names;

    internal ServiceProcess Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var file = Path.Combine(_folder.FullName, "ledger.db");
        await using (var database = new SqliteDatabase(file))
        {
            await Migrations.ApplyAsync(database, CancellationToken.None);
            await FillAsync(database, Size);
        }

        Service = await ServiceProcess.StartAsync(
            $"--Ledger:File={file}", $"--Billing:AdminToken={AdminToken}", "--Internal:Token=0123456789abcdef", "--Billing:Source=Ledger");
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    // What gateways would report one by one: for each name its key's row and that of all keys together, each with its times.
    private static async Task FillAsync(SqliteDatabase database, int size)
    {
        var today = (long)(DateTime.UtcNow - DateTime.UnixEpoch).TotalDays;
        var counts = string.Concat(
            CountColumns.Names.Select(name => name switch { "requests" => ", 1", "input" => ", 1000 + n", "output" => ", 10", _ => ", 0" }));
        await using var transaction = await database.BeginAsync(CancellationToken.None);
        var numbers = $"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {size})";
        foreach (var (kind, key, unit) in ((int, string, string)[])
            [(0, "'key_' || printf('%024x', n)", "tokens"), (1, "''", "tokens"), (2, "'key_' || printf('%024x', n)", ""), (3, "''", "")])
        {
            var requested = unit.Length == 0 ? "''" : "'gpt-4o-mini'";
            await transaction.Connection.ExecuteAsync(
                $"INSERT INTO usage_dims {numbers} SELECT 4 * n + {kind}, randomblob(16), {key}, 'name-' || n, {requested}, 'chat', "
                + $"{(unit.Length == 0 ? "''" : "'default'")}, '', 0, '{unit}', 0, '' FROM numbers",
                transaction: transaction.DbTransaction);
            await transaction.Connection.ExecuteAsync(
                unit.Length == 0
                    ? $"INSERT INTO usage_latency {numbers} SELECT 4 * n + {kind}, {today} - n % 30, x'1401', x'0A01' FROM numbers"
                    : $"INSERT INTO usage_day (dims_id, day, {string.Join(", ", CountColumns.Names)}) {numbers} SELECT 4 * n + {kind}, {today} - n % 30{counts} FROM numbers",
                transaction: transaction.DbTransaction);
        }

        await transaction.CommitAsync(CancellationToken.None);
    }
}
