using System.Globalization;
using System.Runtime.InteropServices;
using OpenAIProxy.Runner;
using OpenAIProxy.Runner.Measures;
using OpenAIProxy.Runner.Processes;
using OpenAIProxy.Runner.Results;

// Started by bench/run, from the repository's root. Figures in a report are written one way wherever it is made.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    var quick = args.Contains("--quick");
    var plan = quick ? Plan.Quick : Plan.Full;
    var only = args.SkipWhile(a => a != "--only").Skip(1).FirstOrDefault();
    await using var bed = await TestBed.StartAsync(plan, only, stop.Token);
    await bed.InterleaveAsync("throughput", true, SmallRequests.MeasureThroughputAsync);
    await bed.MeasureOnceAsync("calls", SystemCalls.CountAsync);
    await bed.InterleaveAsync("latency", true, SmallRequests.MeasureLatencyAsync);
    await bed.InterleaveAsync("events", false, ServerSentEvents.MeasurePacedAsync);
    if (plan.Unpaced)
    {
        await bed.InterleaveAsync("unpaced", false, ServerSentEvents.MeasureUnpacedAsync);
    }

    await bed.StopProxiesAsync();
    await bed.InterleaveAsync("limits", false, SmallRequests.MeasureThroughputAsync, Subjects.Limits);
    await bed.StopProxiesAsync();
    await bed.StartAnewAsync("streams", [.. Subjects.Proxies, Subjects.GatewayToHttp2], (server, startUp, figures, token) =>
        Memory.MeasureIdleStreamsAsync(server, startUp, plan, figures, token));
    await bed.StartAnewAsync("upload", Subjects.Proxies, (server, _, figures, token) => Memory.MeasureUploadAsync(server, plan, figures, token));

    var report = Report.Write(plan, bed.Figures);
    Console.WriteLine(report);
    File.WriteAllText(only is null && !quick ? "bench/REPORT.md" : "bench/.work/REPORT.md", report);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
catch (InvalidOperationException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
