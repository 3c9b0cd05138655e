using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace OpenAIProxy.AppHost.Local;

/// <summary>Starts everything in the order of what waits for what, watches it, and ends it.</summary>
internal sealed class Orchestrator(IReadOnlyList<IResource> resources) : IDisposable
{
    private static readonly int[] Colours = [36, 33, 35, 32, 34];

    // Everything must be over within ten seconds of Ctrl-C.
    private static readonly TimeSpan StopOneLimit = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan StopAllLimit = TimeSpan.FromSeconds(8);

    private readonly int _nameWidth = resources.Where(r => r is ProjectResource).Max(r => r.Name.Length);

    /// <summary>The last started first: so they are ended.</summary>
    private readonly ConcurrentStack<Child> _children = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Completes when it is time to end: with null if somebody asked for it, else with what went wrong.</summary>
    private readonly TaskCompletionSource<string?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _interrupts;

    public static bool IsColoured { get; }
        = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Returns the exit code.</summary>
    public async Task<int> RunAsync()
    {
        var projects = resources.OfType<ProjectResource>().ToArray();
        foreach (var asked in projects.Select(p => p.Endpoint.Port).OfType<int>())
        {
            if (!Ports.TryTake(asked))
            {
                Console.Error.WriteLine($"Port {asked} is in use. Choose another with --port N, or any free one with --port 0.");
                return 1;
            }
        }

        Array.ForEach(projects, project => project.Endpoint.Port ??= Ports.Free());

        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];
        var registrations = signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal)).ToArray();
        foreach (var resource in resources)
        {
            _ = ReportAsync(resource switch
            {
                ProjectResource project => StartAsync(project),
                RedisResource redis => StartAsync(redis),
                _ => Task.CompletedTask,
            });
        }

        var failure = await _end.Task;
        await _stopping.CancelAsync();
        await StopAsync();
        Array.ForEach(registrations, registration => registration.Dispose());
        Say(failure is null ? "Stopped." : $"\n{failure}", failure is null ? Console.Out : Console.Error);
        return failure is null ? 0 : 1;
    }

    public void Dispose() => _stopping.Dispose();

    private async Task StartAsync(ProjectResource project)
    {
        await Task.WhenAll(project.WaitsFor.Select(r => r.Ready)).WaitAsync(_stopping.Token);
        var child = new Child(project.Name, await ProjectProcess.PrepareAsync(project), (line, writer) => Show(project, line, writer));
        _children.Push(child);
        await child.StartAsync();
        _ = child.Ended.ContinueWith(_ => _end.TrySetResult(child.WasInterrupted ? null : child.Epitaph), TaskScheduler.Default);
        await ProjectProcess.WaitUntilHealthyAsync(project, child, _stopping.Token);
        if (!child.Ended.IsCompleted)
        {
            project.SetReady();
            await project.WhenReady(_stopping.Token);
        }
    }

    private async Task StartAsync(RedisResource redis)
    {
        if (!RedisServer.IsInstalled)
        {
            redis.SetStarted(null);
            return;
        }

        string failure;
        try
        {
            using var server = new RedisServer(redis.Name);
            _children.Push(server.Process);
            await server.StartAsync(_stopping.Token);
            redis.SetStarted(server.Process.Ended.IsCompleted ? null : server.ConnectionString);
            await server.Process.Ended;
            failure = server.Process.Epitaph;
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            redis.SetStarted(null);
            failure = e.Message;
        }

        if (!_stopping.IsCancellationRequested)
        {
            Say($"{failure}\nGoing on without it: results are cached in memory or asked for anew.", Console.Error);
        }
    }

    private async Task ReportAsync(Task start)
    {
        try
        {
            await start;
        }
        catch (Exception e)
        {
            _end.TrySetResult(e is TimeoutException or InvalidDataException ? e.Message : $"{e}");
        }
    }

    private void Show(ProjectResource project, string line, TextWriter writer)
    {
        var colour = Colours[resources.ToList().IndexOf(project) % Colours.Length];
        var name = $"{project.Name.PadRight(_nameWidth)} |";
        Say(IsColoured ? $"\e[{colour}m{name}\e[0m {line}" : $"{name} {line}", writer);
    }

    private static void Say(string text, TextWriter writer)
    {
        try
        {
            writer.WriteLine(text);
        }
        catch (IOException)
        {
            // The terminal is gone; there is still an orderly end to be had.
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _end.TrySetResult(null);
        if (context.Signal == PosixSignal.SIGINT && Interlocked.Increment(ref _interrupts) > 1)
        {
            // The second Ctrl-C: no more patience.
            Array.ForEach(_children.ToArray(), child => child.Signal(Native.Kill));
        }
    }

    // One by one: the gateway hands over to the others what it still holds.
    private async Task StopAsync()
    {
        using var limit = new CancellationTokenSource(StopAllLimit);
        var children = _children.ToArray();
        await Task.WhenAll(children.Select(child => child.Started));
        foreach (var child in children)
        {
            child.Signal(Native.Terminate);
            await Task.WhenAny(child.Ended, Task.Delay(StopOneLimit, limit.Token));
        }

        var all = Task.WhenAll(children.Select(child => child.Ended));
        await Task.WhenAny(all, Task.Delay(Timeout.Infinite, limit.Token));
        Array.ForEach(children, child => child.Signal(Native.Kill));
        await all;
    }
}
