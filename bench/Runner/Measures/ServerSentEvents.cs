using System.Diagnostics;
using OpenAIProxy.Runner.Load;
using OpenAIProxy.Runner.Processes;
using OpenAIProxy.Runner.Results;

namespace OpenAIProxy.Runner.Measures;

/// <summary>Chat streams: what an event costs, and how many go through.</summary>
internal static class ServerSentEvents
{
    public const int Streams = 100;
    public const string Paced = "x-sim-chunks: 10000000\r\nx-sim-chunk-ms: 1\r\n";
    public const string Unpaced = "x-sim-chunks: 200\r\n";
    private const int BufferSize = 16 * 1024;
    private static readonly TimeSpan UntilEven = TimeSpan.FromMilliseconds(300);

    /// <summary>Events with a pause between them, so that each travels alone, as tokens do: what one costs.</summary>
    public static async Task MeasurePacedAsync(ServerProcess server, TimeSpan time, Figures figures, CancellationToken cancellationToken)
    {
        var (events, chunks, cpu, seconds) = await RunAsync(server, Paced, time, cancellationToken);
        figures.Add(Metrics.PacedEvents, server.Name, events / seconds);
        figures.Add(Metrics.PacedEventsPerChunk, server.Name, (double)events / chunks);
        figures.Add(Metrics.PacedEventCpu, server.Name, cpu.TotalMicroseconds / events);
    }

    /// <summary>Streams of 200 events without a pause, one after the other: how many go through.</summary>
    public static async Task MeasureUnpacedAsync(ServerProcess server, TimeSpan time, Figures figures, CancellationToken cancellationToken)
    {
        var (events, _, cpu, seconds) = await RunAsync(server, Unpaced, time, cancellationToken);
        figures.Add(Metrics.Events, server.Name, events / seconds);
        figures.Add(Metrics.EventCpu, server.Name, cpu.TotalMicroseconds / events);
    }

    private static async Task<(long Events, long Chunks, TimeSpan Cpu, double Seconds)> RunAsync(
        ServerProcess server, string behavior, TimeSpan time, CancellationToken cancellationToken)
    {
        using var streams = new EventStreams();
        await streams.OpenAsync(server.Port, Streams, behavior, BufferSize, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = streams.ReadOnAsync(stop.Token);
        await Task.Delay(UntilEven, cancellationToken);

        var (start, cpu, events, chunks) = (Stopwatch.GetTimestamp(), server.Cpu, streams.Events, streams.Chunks);
        await Task.WhenAny(Task.Delay(time, cancellationToken), reading);
        var result = (streams.Events - events, streams.Chunks - chunks, server.Cpu - cpu, Stopwatch.GetElapsedTime(start).TotalSeconds);
        await stop.CancelAsync();
        await reading;
        cancellationToken.ThrowIfCancellationRequested();
        return result;
    }
}
