using OpenAIProxy.Runner.Load;
using OpenAIProxy.Runner.Processes;
using OpenAIProxy.Runner.Results;

namespace OpenAIProxy.Runner.Measures;

/// <summary>Small JSON requests: how many, how fast, and what each costs.</summary>
internal static class SmallRequests
{
    public const int Connections = 32;

    /// <summary>As many requests as go through, on 32 connections.</summary>
    public static async Task MeasureThroughputAsync(ServerProcess server, TimeSpan time, Figures figures, CancellationToken cancellationToken)
    {
        var cpu = server.Cpu;
        var run = await Wrk.RunAsync(server.Port, Connections, time, cancellationToken);
        var used = server.Cpu - cpu;
        figures.Add(Metrics.Requests, server.Name, run.Requests / run.Seconds);
        figures.Add(Metrics.LoadedP50, server.Name, run.P50 / 1000);
        figures.Add(Metrics.LoadedP99, server.Name, run.P99 / 1000);
        if (server.Name == Subjects.Direct.Name)
        {
            return;
        }

        figures.Add(Metrics.RequestCpu, server.Name, used.TotalMicroseconds / run.Requests);
        figures.Add(Metrics.Busy, server.Name, used.TotalSeconds / run.Seconds);
    }

    /// <summary>One request at a time: what a proxy adds to the way.</summary>
    public static async Task MeasureLatencyAsync(ServerProcess server, TimeSpan time, Figures figures, CancellationToken cancellationToken)
    {
        var run = await Wrk.RunAsync(server.Port, 1, time, cancellationToken);
        figures.Add(Metrics.P50, server.Name, run.P50 / 1000);
        figures.Add(Metrics.P99, server.Name, run.P99 / 1000);
    }
}
