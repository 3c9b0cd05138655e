using System.Diagnostics;
using System.Globalization;
using OpenAIProxy.Runner.Load;
using OpenAIProxy.Runner.Processes;
using OpenAIProxy.Runner.Results;

namespace OpenAIProxy.Runner.Measures;

/// <summary>The system calls that a small request costs, counted by strace: most of a proxy's CPU time is spent in them.</summary>
internal static class SystemCalls
{
    private static readonly string[] Sends = ["sendto", "sendmsg", "write", "writev"];
    private static readonly string[] Receives = ["recvfrom", "recvmsg", "read", "readv"];
    private static readonly string[] Waits = ["epoll_wait"];
    private static readonly TimeSpan UntilAttached = TimeSpan.FromSeconds(1);

    /// <summary>Counts them. Where there is no strace, or it may not look at other processes, nothing is measured.</summary>
    public static async Task CountAsync(ServerProcess server, TimeSpan time, Figures figures, CancellationToken cancellationToken)
    {
        if (Start(server.Id) is not { } strace)
        {
            return;
        }

        using (strace)
        {
            using var killing = cancellationToken.Register(strace.Kill);
            var output = strace.StandardError.ReadToEndAsync(cancellationToken);
            await Task.Delay(UntilAttached, cancellationToken);
            if (strace.HasExited)
            {
                return;
            }

            var run = await Wrk.RunAsync(server.Port, SmallRequests.Connections, time, cancellationToken);
            // It writes its table when it is interrupted.
            using (var interrupt = Process.Start("kill", ["-INT", strace.Id.ToString(CultureInfo.InvariantCulture)]))
            {
                await interrupt.WaitForExitAsync(cancellationToken);
            }

            var counts = Parse(await output);
            await strace.WaitForExitAsync(cancellationToken);
            if (counts.Count == 0)
            {
                return;
            }

            // wrk leaves one request on each connection without waiting for its answer.
            double requests = run.Requests + SmallRequests.Connections;
            figures.Add(Metrics.Sends, server.Name, Sum(counts, Sends) / requests);
            figures.Add(Metrics.Receives, server.Name, Sum(counts, Receives) / requests);
            figures.Add(Metrics.Waits, server.Name, Sum(counts, Waits) / requests);
        }
    }

    private static Process? Start(int processId)
    {
        var start = new ProcessStartInfo("strace") { RedirectStandardError = true };
        string[] traced = [.. Sends, .. Receives, .. Waits];
        foreach (var argument in (string[])["-f", "-c", "-e", $"trace={string.Join(',', traced)}", "-p", processId.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    // % time     seconds  usecs/call     calls    errors syscall
    //  34.52    0.089110          19      4551           sendto
    private static Dictionary<string, double> Parse(string output)
    {
        var counts = new Dictionary<string, double>();
        foreach (var line in output.Split('\n'))
        {
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length is 5 or 6 && columns[^1] != "total" && double.TryParse(columns[3], out var count))
            {
                counts[columns[^1]] = count;
            }
        }

        return counts;
    }

    private static double Sum(Dictionary<string, double> counts, string[] calls) => calls.Sum(call => counts.GetValueOrDefault(call));
}
