using System.Diagnostics;
using System.Globalization;
using OpenAIProxy.Runner.Machine;

namespace OpenAIProxy.Runner.Load;

/// <summary>What one run of wrk saw.</summary>
/// <param name="Requests">Answers.</param>
/// <param name="Seconds">Time that wrk measured.</param>
/// <param name="P50">Median latency in microseconds.</param>
/// <param name="P99">99th percentile of latency in microseconds.</param>
internal sealed record Wrk(long Requests, double Seconds, double P50, double P99)
{
    public static IReadOnlyList<string> Command(int port, int connections, TimeSpan time) =>
        ["wrk", "-t1", $"-c{connections}", $"-d{time.TotalSeconds:F0}s", "-s", "bench/wrk.lua", $"http://127.0.0.1:{port}/v1/chat/completions"];

    /// <exception cref="InvalidOperationException">Not every request got a right answer.</exception>
    public static async Task<Wrk> RunAsync(int port, int connections, TimeSpan time, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("taskset") { RedirectStandardOutput = true };
        foreach (var argument in (IReadOnlyList<string>)["-c", Cores.Load, .. Command(port, connections, time)])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        using var killing = cancellationToken.Register(process.Kill);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var result = output.Split('\n').FirstOrDefault(l => l.StartsWith("RESULT ", StringComparison.Ordinal))?.Split(' ');
        if (result is not [_, var requests, var microseconds, var p50, var p99, "0"])
        {
            throw new InvalidOperationException($"wrk had errors on port {port}:\n{output}");
        }

        return new Wrk(
            long.Parse(requests, CultureInfo.InvariantCulture),
            double.Parse(microseconds, CultureInfo.InvariantCulture) / 1e6,
            double.Parse(p50, CultureInfo.InvariantCulture),
            double.Parse(p99, CultureInfo.InvariantCulture));
    }
}
