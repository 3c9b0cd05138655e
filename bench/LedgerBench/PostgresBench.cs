using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.LedgerBench;

/// <summary>
/// Small batches to one PostgreSQL by one billing service and by two. Each subject runs in each round, in turn, for what else the machine does hits
/// all of them alike; at the end every call must be in the ledger.
/// </summary>
internal sealed class PostgresBench(TimeSpan round, int rounds) : IAsyncDisposable
{
    // With a few writers each batch is waited for; with many, as many gateways are served as can be.
    private static readonly Subject OneFew = new("One service, 4 writers", 1, 4, null);
    private static readonly Subject OneMany = new("One service, 256 writers", 1, 256, null);

    private static readonly Subject[] Subjects =
    [
        OneFew, new("Two services, 4 writers each", 2, 8, OneFew), new("Two services, 4 writers together", 2, 4, OneFew),
        OneMany, new("Two services, 256 writers together", 2, 256, OneMany),
    ];

    private readonly List<IAsyncDisposable> _open = [];
    private readonly List<UsageLedger> _services = [];
    private long _batches;

    /// <summary>Measures, and prints Markdown.</summary>
    public async Task RunAsync()
    {
        var server = await PostgresServer.StartDurableAsync();
        _open.Add(server);
        var connection = await server.CreateDatabaseAsync();
        for (var i = 0; i < Subjects.Max(subject => subject.Services); i++)
        {
            _services.Add(await OpenAsync(connection));
        }

        var rates = Subjects.ToDictionary(subject => subject, _ => new List<double>());
        for (var i = 0; i <= rounds; i++)
        {
            for (var s = 0; s < Subjects.Length; s++)
            {
                var subject = Subjects[(s + i) % Subjects.Length];
                var rate = await MeasureAsync(subject.Services, subject.Writers);
                // The first round warms up.
                if (i > 0)
                {
                    rates[subject].Add(rate);
                }
            }
        }

        Console.WriteLine("| Ledger (PostgreSQL) | batches/s | × one service |\n|---|---:|---:|");
        foreach (var subject in Subjects)
        {
            var ratios = rates[subject].Zip(rates[subject.Beside ?? subject], (rate, one) => rate / one).Order().ToArray();
            var ratio = subject.Beside is null ? "1" : $"{ratios[ratios.Length / 2]:0.00} ({ratios[0]:0.00}–{ratios[^1]:0.00})";
            Console.WriteLine($"| {subject.Name} | {Median(rates[subject]):N0} | {ratio} |");
        }

        await CheckAsync(connection);
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            await _open[i].DisposeAsync();
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private async Task<UsageLedger> OpenAsync(string connection)
    {
        var source = NpgsqlDataSource.Create(connection);
        var database = new PostgresDatabase(source);
        _open.Add(source);
        _open.Add(database);
        await Migrations.ApplyAsync(database, CancellationToken.None);
        var state = new LedgerState(TimeProvider.System, NullLogger<LedgerState>.Instance);
        state.Ready();
        return new UsageLedger(database, state, new LedgerDamage(NullLogger<LedgerDamage>.Instance), TimeProvider.System);
    }

    // Each writer sends its next batch when the last one is acknowledged.
    private async Task<double> MeasureAsync(int services, int writers)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            var count = 0L;
            while (clock.Elapsed < round)
            {
                await _services[writer % services].AddAsync(SmallBatches.Next(random, DateTimeOffset.UtcNow), CancellationToken.None);
                count++;
            }

            return count;
        })));
        var elapsed = clock.Elapsed;
        _batches += counts.Sum();
        return counts.Sum() / elapsed.TotalSeconds;
    }

    private async Task CheckAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        var calls = _batches * SmallBatches.Rows * SmallBatches.CallsOfRow;
        foreach (var sql in (string[])
            [
                "SELECT CAST(SUM(requests) AS bigint) FROM usage_hour",
                "SELECT CAST(SUM(u.requests) AS bigint) FROM usage_day u JOIN usage_dims d ON d.id = u.dims_id WHERE d.key = ''",
                "SELECT CAST(SUM(u.requests) AS bigint) FROM usage_day u JOIN usage_dims d ON d.id = u.dims_id WHERE d.key <> ''",
            ])
        {
            var found = await connection.ExecuteScalarAsync<long>(sql);
            if (found != calls)
            {
                throw new InvalidOperationException($"{calls} calls were acknowledged, {found} are in the ledger: {sql}");
            }
        }

        var deadlocks = await connection.ExecuteScalarAsync<long>("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
        Console.WriteLine($"\nAll {calls:N0} calls of {_batches:N0} batches are in the ledger; deadlocks: {deadlocks}.");
    }

    private sealed record Subject(string Name, int Services, int Writers, Subject? Beside);
}
