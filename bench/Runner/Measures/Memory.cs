using System.Diagnostics;
using OpenAIProxy.Runner.Load;
using OpenAIProxy.Runner.Machine;
using OpenAIProxy.Runner.Processes;
using OpenAIProxy.Runner.Results;

namespace OpenAIProxy.Runner.Measures;

/// <summary>What open streams and big uploads cost in memory, on processes started for this.</summary>
internal static class Memory
{
    public const int UploadBytes = 200_000_000;

    /// <summary>One event, then silence: a client that waits for a model that thinks.</summary>
    public const string Idle = "x-sim-chunks: 2\r\nx-sim-fault: hang\r\n";

    private const int WarmUpBytes = 20_000_000;
    private const int WarmUpStreams = 200;
    private const int BufferSize = 2048;

    /// <summary>Resident memory per open stream.</summary>
    public static async Task MeasureIdleStreamsAsync(
        ServerProcess server, TimeSpan startUp, Plan plan, Figures figures, CancellationToken cancellationToken)
    {
        figures.Add(Metrics.StartUp, server.Name, startUp.TotalMilliseconds);
        await Task.Delay(plan.UntilCalm, cancellationToken);
        figures.Add(Metrics.AtRestMB, server.Name, ProcessMemory.ResidentKB(server.Id) / 1024.0);
        await Wrk.RunAsync(server.Port, SmallRequests.Connections, plan.FreshWarmUp, cancellationToken);
        using (var warmUp = new EventStreams())
        {
            await warmUp.OpenAsync(server.Port, WarmUpStreams, Idle, BufferSize, cancellationToken);
        }

        await Task.Delay(plan.UntilCalm, cancellationToken);
        var before = ProcessMemory.ResidentKB(server.Id);
        figures.Add(Metrics.IdleMB, server.Name, before / 1024.0);

        using var streams = new EventStreams();
        foreach (var count in plan.IdleStreams)
        {
            await streams.OpenAsync(server.Port, count, Idle, BufferSize, cancellationToken);
            await Task.Delay(plan.UntilCalm, cancellationToken);
            figures.Add(Metrics.KBPerStream(count), server.Name, (double)(ProcessMemory.ResidentKB(server.Id) - before) / count);
        }
    }

    /// <summary>The highest resident memory during an upload of 200 MB, above what it was before.</summary>
    public static async Task MeasureUploadAsync(ServerProcess server, Plan plan, Figures figures, CancellationToken cancellationToken)
    {
        await Wrk.RunAsync(server.Port, SmallRequests.Connections, plan.FreshWarmUp, cancellationToken);
        await Upload.SendAsync(server.Port, WarmUpBytes, cancellationToken);
        await Task.Delay(plan.UntilCalm, cancellationToken);

        ProcessMemory.ForgetPeak(server.Id);
        var before = ProcessMemory.ResidentKB(server.Id);
        var start = Stopwatch.GetTimestamp();
        await Upload.SendAsync(server.Port, UploadBytes, cancellationToken);
        figures.Add(Metrics.UploadSeconds, server.Name, Stopwatch.GetElapsedTime(start).TotalSeconds);
        figures.Add(Metrics.UploadGrowthMB, server.Name, (ProcessMemory.PeakKB(server.Id) - before) / 1024.0);
    }
}
