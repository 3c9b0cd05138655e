using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.LedgerBench;

// Fills a ledger in SQLite with 2,000,000 hourly rows through UsageLedger, then asks it for 90 days. Prints Markdown.
// LedgerBench [ROWS] [ROWS PER BATCH] [FOLDER]; the file is deleted at the end.
// LedgerBench postgres [SECONDS] [ROUNDS] sends small batches to a PostgreSQL of its own instead.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["postgres", ..])
{
    var seconds = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 2;
    var rounds = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 9;
    await using var bench = new PostgresBench(TimeSpan.FromSeconds(seconds), rounds);
    await bench.RunAsync();
    return;
}

var rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2_000_000;
var batchSize = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5_000;
var folder = Directory.CreateDirectory(Path.Combine(args.Length > 2 ? args[2] : Path.GetTempPath(), "ledger-bench-" + Guid.NewGuid().ToString("N")));
var file = Path.Combine(folder.FullName, "ledger.db");
try
{
    await using var database = new SqliteDatabase(file);
    await Migrations.ApplyAsync(database, CancellationToken.None);
    var state = new LedgerState(TimeProvider.System, NullLogger<LedgerState>.Instance);
    state.Ready();
    var ledger = new UsageLedger(database, state, new LedgerDamage(NullLogger<LedgerDamage>.Instance), TimeProvider.System);

    var ingest = new Stopwatch();
    var cpu = TimeSpan.Zero;
    foreach (var batch in Traffic.Batches(rows, batchSize))
    {
        var before = Environment.CpuUsage.TotalTime;
        ingest.Start();
        await ledger.AddAsync(batch, CancellationToken.None);
        ingest.Stop();
        cpu += Environment.CpuUsage.TotalTime - before;
    }

    Console.WriteLine("| Ledger (SQLite) | Figure |\n|---|---|");
    Line($"Ingest of {rows:N0} hourly rows with histograms, {batchSize:N0} a batch, one transaction each", $"{rows / ingest.Elapsed.TotalSeconds:N0} rows/s");
    Line("The same, by the processor time it took", $"{rows / cpu.TotalSeconds:N0} rows/s");
    Line("File", $"{new FileInfo(file).Length / 1e6:N0} MB");

    var all = new LedgerQuery(null, Traffic.First, Traffic.First.AddDays(Traffic.Days), ByKey: false, ByEndpoint: false);
    await QueryAsync("90 days by day and model, all keys", query => ledger.RowsAsync(query, default), all);
    await QueryAsync("the same, histograms", query => ledger.TimesAsync(query, default), all);
    await QueryAsync("90 days by day and model, one key", query => ledger.RowsAsync(query, default), all with { Key = Traffic.Key(7) });
    await QueryAsync("90 days by day, model, endpoint and key, all keys", query => ledger.RowsAsync(query, default), all with { ByKey = true, ByEndpoint = true });
    await QueryAsync("the same, histograms", query => ledger.TimesAsync(query, default), all with { ByKey = true, ByEndpoint = true });
}
finally
{
    folder.Delete(recursive: true);
}

static async Task QueryAsync<T>(string what, Func<LedgerQuery, IAsyncEnumerable<T>> ask, LedgerQuery query)
{
    var times = new List<double>();
    var count = 0;
    for (var i = 0; i < 9; i++)
    {
        var clock = Stopwatch.StartNew();
        count = await ask(query).CountAsync();
        times.Add(clock.Elapsed.TotalMilliseconds);
    }

    var first = times[0];
    times.Sort();
    Line($"{char.ToUpperInvariant(what[0])}{what[1..]} ({count:N0} rows)", $"{times[times.Count / 2]:N1} ms (first {first:N1} ms)");
}

static void Line(string what, string figure) => Console.WriteLine($"| {what} | {figure} |");
