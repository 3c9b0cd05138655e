using System.Diagnostics;
using System.Globalization;
using OpenAIProxy.Contracts;
using OpenAIProxy.JournalBench;
using OpenAIProxy.Usage;
using OpenAIProxy.UsageJournal.Calls;

// Keeps calls in the gateway's journal and in a plain append file, by turns, and prints Markdown.
// JournalBench [CALLS OF A ROUND] [ROUNDS] [FOLDER]; the files are deleted at the end.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var calls = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 50_000;
var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 9;
var root = args.Length > 2 ? args[2] : Path.GetTempPath();
var record = new UsageRecord
{
    Id = Guid.CreateVersion7(),
    Started = 1_772_600_767_000,
    Key = "key_000102030405060708090a0b",
    Endpoint = "chat",
    RequestedModel = "gpt-4o-mini",
    Status = 200,
    Duration = 1234,
    FirstToken = 56,
    Lines = [new("gpt-4o-mini-2024-07-18", ServiceTier.Default, UsageUnit.Tokens, false, new UsageCounts { Requests = 1, Input = 700, Output = 300 })],
};

Console.WriteLine("| Usage of one call, kept | Threads | Journal | Append file | File / journal | Slowest of 10,000, journal | Slowest of 10,000, file |\n|---|---:|---:|---:|---:|---:|---:|");
Compare("disk idle", 1, busy: false);
Compare("disk idle", 4, busy: false);
Compare("beside a process that forces its writes to the disk", 4, busy: true);

void Compare(string where, int threads, bool busy)
{
    using var writer = busy ? new BusyDisk(root) : null;
    var journal = new List<Round>();
    var file = new List<Round>();
    // The first round warms up.
    for (var i = 0; i <= rounds; i++)
    {
        journal.Add(Measure(folder => new MappedJournal(folder), threads));
        file.Add(Measure(folder => new AppendFile(folder), threads));
    }

    var mapped = Median(journal, round => round.Nanoseconds);
    var appended = Median(file, round => round.Nanoseconds);
    Console.WriteLine(
        $"| {where} | {threads} | {mapped / 1000:0.00} µs | {appended / 1000:0.00} µs | {appended / mapped:0.0} × "
        + $"| {Median(journal, round => round.Slowest) / 1e6:0.00} ms | {Median(file, round => round.Slowest) / 1e6:0.00} ms |");
}

Round Measure(Func<string, IKeepsCalls> open, int threads)
{
    var folder = Directory.CreateDirectory(Path.Combine(root, "journal-bench-" + Guid.NewGuid().ToString("N"))).FullName;
    try
    {
        using var kept = open(folder);
        var times = new double[threads][];
        var workers = Enumerable.Range(0, threads).Select(n => new Thread(() => times[n] = Keep(kept, calls / threads))).ToArray();
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        double[] all = [.. times.SelectMany(t => t)];
        Array.Sort(all);
        return new Round(all.Average(), all[all.Length - 1 - (all.Length / 10_000)]);
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
}

double[] Keep(IKeepsCalls kept, int count)
{
    var times = new double[count];
    for (var i = 0; i < count; i++)
    {
        var call = new CallStart(record.Id, record.Started, record.Key, record.Endpoint, record.RequestedModel, "", 700);
        var started = Stopwatch.GetTimestamp();
        kept.Keep(call, record);
        times[i] = Stopwatch.GetElapsedTime(started).TotalNanoseconds;
    }

    return times;
}

static double Median(List<Round> rounds, Func<Round, double> figure) => rounds.Skip(1).Select(figure).Order().ElementAt((rounds.Count - 1) / 2);
