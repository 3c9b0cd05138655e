using System.Text;
using OpenAIProxy.Runner.Processes;

namespace OpenAIProxy.Runner.Results;

/// <summary>What the gateway promises, beside what was measured.</summary>
/// <param name="Text">The promise.</param>
/// <param name="Measured">The figure.</param>
/// <param name="Unit">Its unit, with a space before it if it needs one.</param>
/// <param name="Limit">The limit.</param>
/// <param name="AtLeast">True if the figure must not be below the limit, false if not above it.</param>
internal sealed record Target(string Text, double Measured, string Unit, double Limit, bool AtLeast = false)
{
    private string Verdict => double.IsNaN(Measured) ? "not measured" : (AtLeast ? Measured >= Limit : Measured <= Limit) ? "yes" : "**no**";

    public static string Table(Figures figures, int idleStreams)
    {
        var (gateway, metered, yarp, forwarder) = (Subjects.Gateway.Name, Subjects.Metered.Name, Subjects.Yarp.Name, Subjects.Forwarder.Name);
        var one = Subjects.Standalone.Name;
        var without = Subjects.Unlimited.Name;
        Target[] targets =
        [
            new("Throughput of small requests, of bare YARP's", figures.Ratio(Metrics.Requests, gateway, yarp), " ×", 1.0, AtLeast: true),
            new("Throughput with metering, of that without", figures.Ratio(Metrics.Requests, metered, gateway), " ×", 0.93, AtLeast: true),
            new("Throughput with metering, of bare YARP's", figures.Ratio(Metrics.Requests, metered, yarp), " ×", 0.95, AtLeast: true),
            new("CPU per small request with metering, of the bare forwarder's", figures.Ratio(Metrics.RequestCpu, metered, forwarder), " ×", 0.95),
            new("Sends per small request with metering", figures.Median(Metrics.Sends, metered), "", 2.05),
            new("CPU per unpaced server-sent event with metering, of bare YARP's", figures.Ratio(Metrics.EventCpu, metered, yarp), " ×", 1.05),
            new("CPU per paced server-sent event with metering, of bare YARP's", figures.Ratio(Metrics.PacedEventCpu, metered, yarp), " ×", 1.1),
            new($"Memory that metering adds to an open idle stream, {idleStreams} open",
                figures.Difference(Metrics.KBPerStream(idleStreams), metered, gateway), " KB", 4),
            new("CPU per paced server-sent event, of bare YARP's", figures.Ratio(Metrics.PacedEventCpu, gateway, yarp), " ×", 1.05),
            new("p50 added to bare YARP's", figures.Difference(Metrics.P50, gateway, yarp), " ms", 0.05),
            new($"Memory per open idle stream, {idleStreams} open", figures.Median(Metrics.KBPerStream(idleStreams), gateway), " KB", 25),
            new("The same with an HTTP/2 upstream, as OpenAI's is", figures.Median(Metrics.KBPerStream(idleStreams), Subjects.GatewayToHttp2.Name), " KB", 25),
            new("Throughput of the one process, of the metered gateway's", figures.Ratio(Metrics.Requests, one, metered), " ×", 0.95, AtLeast: true),
            new("From the start of the one process to its first answer", figures.Median(Metrics.StartUp, one), " ms", 400),
            new("Memory of the one process after its first answer", figures.Median(Metrics.AtRestMB, one), " MB", 90),
            new("Throughput with three limits and a budget, of that without", figures.Ratio(Metrics.Requests, Subjects.Limited.Name, without), " ×", 0.93, AtLeast: true),
            new("The same in Redis", figures.Ratio(Metrics.Requests, Subjects.LimitedInRedis.Name, without), " ×", 0.6, AtLeast: true),
            new("p99 that limits in Redis add, 32 connections",
                figures.Difference(Metrics.LoadedP99, Subjects.LimitedInRedis.Name, without), " ms", 2),
            new("Throughput with 10,000 access keys, of that with one", figures.Ratio(Metrics.Requests, Subjects.ManyKeys.Name, without), " ×", 0.97, AtLeast: true),
            new("Memory growth during an upload of 200 MB", figures.Median(Metrics.UploadGrowthMB, gateway), " MB", 20),
        ];

        var text = new StringBuilder("| Target | Limit | Measured | Met |\n|---|---:|---:|---|\n");
        foreach (var target in targets)
        {
            var number = target.Unit == " ms" ? "F3" : "F2";
            text.Append($"| {target.Text} | {(target.AtLeast ? "≥" : "≤")} {target.Limit.ToString(number, null)}{target.Unit} | ");
            text.Append($"{target.Measured.ToString(number, null)}{target.Unit} | {target.Verdict} |\n");
        }

        return text.ToString();
    }
}
