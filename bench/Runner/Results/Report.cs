using System.Text;
using OpenAIProxy.Runner.Measures;
using OpenAIProxy.Runner.Processes;

namespace OpenAIProxy.Runner.Results;

/// <summary>The report, in Markdown.</summary>
internal static class Report
{
    private static readonly string[] Proxies = [.. Subjects.Proxies.Select(s => s.Name)];
    private static readonly string[] All = [Subjects.Direct.Name, .. Proxies];

    public static string Write(Plan plan, Figures figures)
    {
        var most = plan.IdleStreams[^1];
        var text = new StringBuilder();
        text.Append($"# Benchmark\n\nWritten by `bench/run`{(plan == Plan.Quick ? " --quick" : "")}. ");
        text.Append("The gateway beside YARP as its documentation sets it up (`MapReverseProxy`), YARP's bare forwarder (`IHttpForwarder`), and nginx.\n");

        Section(text, "Targets", "", Target.Table(figures, most));

        Section(text, $"Small requests, {SmallRequests.Connections} connections",
            "A chat request of 0.6 KB with the headers of OpenAI's Python SDK, and its JSON answer. \"No proxy\" is the simulator itself.",
            Table(figures, All,
                new(Metrics.Requests, "requests/s", "F0", "× YARP"), new(Metrics.LoadedP50, "p50 ms", "F2"), new(Metrics.LoadedP99, "p99 ms", "F2"),
                new(Metrics.RequestCpu, "CPU µs/request", "F1", "× YARP"), new(Metrics.Busy, "core used", "P0"),
                new(Metrics.Sends, "sends/request", "F2"), new(Metrics.Receives, "receives/request", "F2"), new(Metrics.Waits, "waits/request", "F2")));

        Section(text, "Small requests, 1 connection", "What a proxy adds to the way.",
            Table(figures, All, new(Metrics.P50, "p50 ms", "F3"), new(Metrics.P99, "p99 ms", "F3")));

        Section(text, "Limits, small requests",
            "Metered gateways: an access key without limits; one with limits of requests, tokens and concurrency and a budget, in memory and in Redis; and "
            + "one among 10,000. In Redis each call waits for one answer of it, on the core of the load.",
            Table(figures, [.. Subjects.Limits.Select(s => s.Name)],
                new(Metrics.Requests, "requests/s", "F0"), new(Metrics.LoadedP50, "p50 ms", "F2"), new(Metrics.LoadedP99, "p99 ms", "F2"),
                new(Metrics.RequestCpu, "CPU µs/request", "F1"), new(Metrics.Busy, "core used", "P0")));

        Section(text, $"Server-sent events, {ServerSentEvents.Streams} streams",
            "Paced: with a pause after each event (1 ms is asked for; the kernel's timers make it up to 4), so that it travels alone, as tokens do: "
            + "1.00 events per chunk. Unpaced: streams of 200 events as fast as they come, many to a packet.",
            Table(figures, Proxies,
                new(Metrics.PacedEvents, "paced events/s", "F0"), new(Metrics.PacedEventsPerChunk, "events per chunk", "F2"),
                new(Metrics.PacedEventCpu, "CPU µs/event", "F2", "× YARP"), new(Metrics.Events, "unpaced events/s", "F0", "× YARP"),
                new(Metrics.EventCpu, "CPU µs/event", "F2", "× YARP")));

        Section(text, "Open idle streams", "Resident memory above that after a warm-up, with streams that have had one event and now wait.",
            Table(figures, [.. Proxies, Subjects.GatewayToHttp2.Name],
                [new(Metrics.IdleMB, "MB before", "F0"), .. plan.IdleStreams.Select(n => new Column(Metrics.KBPerStream(n), $"KB/stream, {n} open", "F1"))]));

        Section(text, $"Upload of {Memory.UploadBytes / 1_000_000} MB",
            "A multipart file to /v1/files after a warm-up: highest resident memory above what it was before.",
            Table(figures, Proxies, new(Metrics.UploadGrowthMB, "MB growth", "F1"), new(Metrics.UploadSeconds, "seconds", "F2")));

        Section(text, "Start", "From the start of the process to the first answer that came through it, and the memory it then has, before any load.",
            Table(figures, Proxies, new Column(Metrics.StartUp, "ms", "F0"), new Column(Metrics.AtRestMB, "MB resident", "F0")));

        Section(text, "How to read this", "", Explanation.Reading(plan, figures));
        Section(text, "Machine and versions", "", Explanation.Machine());
        Section(text, "Commands", "", Explanation.Commands(plan));
        return text.ToString();
    }

    // What wasn't measured has no section.
    private static void Section(StringBuilder text, string title, string introduction, string body)
    {
        if (body.Length > 0)
        {
            text.Append($"\n## {title}\n\n{introduction}{(introduction.Length > 0 ? "\n\n" : "")}{body.TrimEnd('\n')}\n");
        }
    }

    private static string Table(Figures figures, IReadOnlyList<string> subjects, params Column[] columns)
    {
        var measured = columns.Where(c => figures.Subjects(c.Metric).Any()).ToArray();
        if (measured.Length == 0)
        {
            return "";
        }

        var text = new StringBuilder("| |");
        foreach (var column in measured)
        {
            text.Append($" {column.Title} |{(column.Ratio is null ? "" : $" {column.Ratio} |")}");
        }

        text.Append("\n|---|").Insert(text.Length, "---:|", measured.Length + measured.Count(c => c.Ratio is not null)).Append('\n');
        foreach (var subject in subjects)
        {
            text.Append($"| {subject} |");
            foreach (var column in measured)
            {
                text.Append($" {Number(figures.Median(column.Metric, subject), column.Format)} |");
                text.Append(column.Ratio is null ? "" : $" {Ratio(figures, column.Metric, subject)} |");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Number(double value, string format) => double.IsNaN(value) ? "" : value.ToString(format, null);

    // 1.23 (1.10–1.31)
    private static string Ratio(Figures figures, string metric, string subject)
    {
        if (subject == Subjects.Yarp.Name)
        {
            return "1";
        }

        var (low, high) = figures.RatioRange(metric, subject, Subjects.Yarp.Name);
        return double.IsNaN(low) ? "" : $"{figures.Ratio(metric, subject, Subjects.Yarp.Name):F2} ({low:F2}–{high:F2})";
    }

    /// <param name="Metric">What it shows.</param>
    /// <param name="Title">Its title.</param>
    /// <param name="Format">How numbers are written.</param>
    /// <param name="Ratio">The title of one more column that compares with bare YARP; null for none.</param>
    private sealed record Column(string Metric, string Title, string Format, string? Ratio = null);
}
