using OpenAIProxy.Runner.Load;
using OpenAIProxy.Runner.Machine;
using OpenAIProxy.Runner.Measures;
using OpenAIProxy.Runner.Processes;

namespace OpenAIProxy.Runner.Results;

/// <summary>The words of the report.</summary>
internal static class Explanation
{

    public static string Reading(Plan plan, Figures figures)
    {
        var others = figures.Subjects(Metrics.OtherLoad).Select(l => $"{l} {figures.Median(Metrics.OtherLoad, l):P1} and {figures.Median(Metrics.Stolen, l):P1}");
        return $"""
            - Times differ from machine to machine and from hour to hour; ratios hold. A ratio is the median of the rounds' ratios (lowest and highest in brackets): in each round all subjects run one after the other, each round begins with another one, and a round for warming up isn't counted: {plan.WarmUp.TotalSeconds:F0} s each at first, until .NET has compiled what is used to the end. Other figures are medians of the rounds.
            - {(Cores.ArePinned ? $"Each proxy has core {Cores.Proxy} for itself; simulator, billing service and load share core {Cores.Load}. The one process has its own billing service and ledger, on its core." : "There is one core for all: throughput says little here, CPU time still counts.")} So "requests/s" is what one core can do, unless "core used" is well under 100 %: then the load was the limit, as it is for nginx and without a proxy, and CPU time is what compares.
            - CPU time is that of the proxy's process, user and system, by the kernel's clock for it.
            - Sends, receives and waits (epoll) are system calls that strace counted, in a run of its own; an empty column: there is no strace, or it may not look at other processes. Receives that found nothing count too.
            - Upstream is HTTP/1.1 without TLS, the only version that all of them speak. OpenAI's servers speak HTTP/2, which the gateway then uses; a row of its own shows what an idle stream costs there. With HTTP/1.1 each stream has a connection of its own to the upstream, with 8 KB of buffers in .NET's client.
            - The gateway does more than the others here: callers show an access key, which it checks and exchanges for the operator's key. The others pass it on. With metering it also reads what was asked and answered, asks streams for their usage and takes that chunk out again, writes each call into its journal, and ships it to a billing service each second.
            - Memory and start are measured on fresh processes ({plan.FreshStarts} of each), which may use all cores, as they are deployed. Resident memory of .NET includes garbage not yet collected, and code compiled meanwhile: a fixed cost, so the larger number of streams is the truer one.
            - CPU time that went to other processes, and that the host of this virtual machine kept back: {string.Join("; ", others)}. Above a few percent the run is disturbed.
            """;
    }

    public static string Machine() => $"""
        | | |
        |---|---|
        | CPU | {Versions.Cpu}, {Cores.Count} cores |
        | Memory | {Versions.MemoryGB} |
        | Commit | {Versions.Of("git", "describe --always --dirty --exclude=*")} |
        | Kernel | {Versions.Kernel} |
        | .NET | {Versions.Dotnet}, workstation garbage collector for all that is measured |
        | YARP | {Versions.Yarp(Subjects.YarpFolder)} |
        | nginx | {Versions.Of("nginx", "-v")} |
        | wrk | {Versions.Of("wrk", "-v")} |
        """;

    public static string Commands(Plan plan)
    {
        string[] lines =
        [
            $"taskset -c {Cores.Load} {string.Join(' ', Subjects.Simulator(9000))}",
            $"taskset -c {Cores.Load} {string.Join(' ', Subjects.Billing(8001))}",
            .. Subjects.Proxies.Concat(Subjects.Limits).Select(s => $"taskset -c {Cores.Proxy} {string.Join(' ', s.Command(new Ports(8000, 9000, 8001, 6379)).Select(Short))}"),
            $"taskset -c {Cores.Load} {string.Join(' ', Wrk.Command(8000, SmallRequests.Connections, plan.Round))}",
            $"taskset -c {Cores.Load} {string.Join(' ', Wrk.Command(8000, 1, plan.Round))}",
        ];
        return $"""
            All is built with `dotnet build -c Release`, the one process by `eng/publish`. Ports are free ones; here 9000 is the simulator's, 8001 the billing service's, 6379 that of Redis and 8000 the proxy's.

            ```
            {string.Join('\n', lines)}
            ```

            Streams and uploads are made by `bench/Runner`, with these headers for the simulator: paced `{Line(ServerSentEvents.Paced)}`, unpaced `{Line(ServerSentEvents.Unpaced)}`, idle `{Line(Memory.Idle)}`.
            """;
    }

    private static string Line(string headers) => headers.Trim().ReplaceLineEndings(", ");

    // nginx wants full paths; a report has no use for where this machine keeps the repository.
    private static string Short(string argument) => Path.IsPathRooted(argument) ? Path.GetRelativePath(".", argument) : argument;
}
