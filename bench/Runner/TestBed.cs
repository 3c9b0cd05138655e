using System.Diagnostics;
using System.Net;
using OpenAIProxy.Runner.Load;
using OpenAIProxy.Runner.Machine;
using OpenAIProxy.Runner.Processes;
using OpenAIProxy.Runner.Results;

namespace OpenAIProxy.Runner;

/// <summary>The simulator, and the proxies that run side by side in front of it.</summary>
internal sealed class TestBed : IAsyncDisposable
{
    private readonly List<ServerProcess> _proxies = [];
    private readonly ServerProcess _simulator = ServerProcess.Start(Subjects.Direct.Name, Subjects.Simulator, Cores.Load);
    private readonly ServerProcess _http2Simulator = ServerProcess.Start("simulator with HTTP/2", Subjects.Http2Simulator, Cores.Load);
    private readonly ServerProcess _redis = ServerProcess.Start("Redis", Subjects.Redis, Cores.Load);
    private readonly ServerProcess _billing = ServerProcess.Start("billing service", Subjects.Billing, Cores.Load);
    private readonly Plan _plan;
    private readonly string? _only;
    private readonly CancellationToken _stop;

    private TestBed(Plan plan, string? only, CancellationToken stop)
    {
        _plan = plan;
        _only = only;
        _stop = stop;
    }

    public Figures Figures { get; } = new();

    /// <summary>CPU time of the benchmark itself, all its processes that still run and wrk.</summary>
    public TimeSpan Cpu => _simulator.Cpu + _billing.Cpu + _redis.Cpu + _proxies.Aggregate(OwnCpu.Read(), (sum, proxy) => sum + proxy.Cpu);

    /// <param name="plan">How much to measure.</param>
    /// <param name="only">The one measure to make; null for all.</param>
    /// <param name="stop">Ends everything.</param>
    public static async Task<TestBed> StartAsync(Plan plan, string? only, CancellationToken stop)
    {
        var bed = new TestBed(plan, only, stop);
        try
        {
            await SmallRequest.WaitUntilAnsweredAsync(bed._simulator, HttpVersion.Version11, stop);
            await SmallRequest.WaitUntilAnsweredAsync(bed._http2Simulator, HttpVersion.Version20, stop);
            return bed;
        }
        catch
        {
            await bed.DisposeAsync();
            throw;
        }
    }

    public async Task StopProxiesAsync()
    {
        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }

        _proxies.Clear();
    }

    /// <summary>
    /// Runs a measure on all proxies in turn, round after round, each round beginning with another one. The first round is to warm up:
    /// its figures are dropped.
    /// </summary>
    /// <param name="title">The measure.</param>
    /// <param name="withDirect">True to measure the simulator itself, too.</param>
    /// <param name="measure">Measures one of them.</param>
    /// <param name="subjects">Others than the proxies, which are started for it; none if they run already.</param>
    public async Task InterleaveAsync(
        string title, bool withDirect, Func<ServerProcess, TimeSpan, Figures, CancellationToken, Task> measure, IReadOnlyList<Subject>? subjects = null)
    {
        if (_only is not null && _only != title)
        {
            return;
        }

        var warmUp = _proxies.Count == 0 ? _plan.WarmUp : _plan.NextWarmUp;
        if (_proxies.Count == 0)
        {
            await StartProxiesAsync(subjects ?? Subjects.Proxies);
        }

        ServerProcess[] servers = withDirect ? [_simulator, .. _proxies] : [.. _proxies];
        var watch = Stopwatch.StartNew();
        var dropped = new Figures();
        OtherLoad? others = null;
        for (var round = 0; round <= _plan.Rounds; round++)
        {
            others ??= round == 0 ? null : new OtherLoad(() => Cpu);
            for (var turn = 0; turn < servers.Length; turn++)
            {
                var server = servers[(round + turn) % servers.Length];
                await measure(server, round == 0 ? warmUp : _plan.Round, round == 0 ? dropped : Figures, _stop);
            }
        }

        Report(title, watch, others!);
    }

    /// <summary>Counts something that is the same in every round, once for each proxy.</summary>
    public async Task MeasureOnceAsync(string title, Func<ServerProcess, TimeSpan, Figures, CancellationToken, Task> measure)
    {
        if (_only is not null && _only != title)
        {
            return;
        }

        var watch = Stopwatch.StartNew();
        if (_proxies.Count == 0)
        {
            await StartProxiesAsync(Subjects.Proxies);
        }

        foreach (var proxy in _proxies)
        {
            await measure(proxy, _plan.Round, Figures, _stop);
        }

        Report(title, watch, null);
    }

    // Pinned to one core, .NET would choose another garbage collector.
    /// <summary>Runs a measure on fresh processes, which may use all cores, as they are deployed.</summary>
    public async Task StartAnewAsync(
        string title, IReadOnlyList<Subject> subjects, Func<ServerProcess, TimeSpan, Figures, CancellationToken, Task> measure)
    {
        if (_only is not null && _only != title)
        {
            return;
        }

        var watch = Stopwatch.StartNew();
        for (var round = 0; round < _plan.FreshStarts; round++)
        {
            foreach (var subject in subjects)
            {
                var start = Stopwatch.GetTimestamp();
                await using var server = await StartFreshAsync(subject, Cores.All);
                await measure(server, Stopwatch.GetElapsedTime(start), Figures, _stop);
            }
        }

        Report(title, watch, null);
    }

    public async ValueTask DisposeAsync()
    {
        await StopProxiesAsync();
        await _simulator.DisposeAsync();
        await _http2Simulator.DisposeAsync();
        await _billing.DisposeAsync();
        await _redis.DisposeAsync();
    }

    /// <summary>Starts one proxy, and waits for its first answer.</summary>
    private async Task<ServerProcess> StartFreshAsync(Subject subject, string cores)
    {
        var upstream = subject.Http2Upstream ? _http2Simulator : _simulator;
        var server = ServerProcess.Start(subject.Name, port => subject.Command(new Ports(port, upstream.Port, _billing.Port, _redis.Port)), cores);
        try
        {
            await SmallRequest.WaitUntilAnsweredAsync(server, HttpVersion.Version11, _stop);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts all proxies, all on the one core that is theirs: only one at a time has work.</summary>
    private async Task StartProxiesAsync(IReadOnlyList<Subject> subjects)
    {
        foreach (var subject in subjects)
        {
            _proxies.Add(await StartFreshAsync(subject, Cores.Proxy));
        }
    }

    private void Report(string title, Stopwatch watch, OtherLoad? others)
    {
        var text = $"{title}: {watch.Elapsed.TotalSeconds:F0} s";
        if (others?.Stop() is var (other, stolen))
        {
            Figures.Add(Metrics.OtherLoad, title, other);
            Figures.Add(Metrics.Stolen, title, stolen);
            text += $"; other processes used {other:P1} of the machine, its host kept back {stolen:P1}";
        }

        Console.WriteLine(text);
    }
}
