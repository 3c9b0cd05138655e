using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Running;

/// <summary>The whole app, started by the command of the README, in a session of its own as a terminal gives it.</summary>
internal sealed class App : IAsyncDisposable
{
    // All that the app starts inherits it, however it is started.
    private const string Marker = "OPENAIPROXY_TEST_RUN";

    // The README's, less the build.
    private static readonly string[] Command = ["dotnet", "run", "--project", "src/AppHost", "--no-build", "-c", Tree.Configuration, "--"];

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly string _run;
    private readonly RunningCommand _command;
    private readonly DirectoryInfo _data;
    private readonly Lock _gate = new();
    private readonly HashSet<ProcessEntry> _known = [];
    private volatile bool _wasReady;

    private App(string run, RunningCommand command, DirectoryInfo data) => (_run, _command, _data) = (run, command, data);

    /// <summary>All output of all its processes so far.</summary>
    public string Text => _command.Text;

    /// <summary>What it wrote to standard output.</summary>
    public string Output => _command.StandardOutput.Text;

    /// <summary>What it wrote to standard error.</summary>
    public string Error => _command.StandardError.Text;

    /// <summary>Ends when the command of the README has, with its exit code.</summary>
    public Task<int> Exited => _command.Exited;

    // A start that fails is a start all the same, and takes as long.
    private TimeSpan EndLimit => _wasReady ? HangGuard.Limit : StartLimit + HangGuard.Limit;

    /// <summary>Starts it without building: a build of the tests has built it.</summary>
    public static App Start(IEnumerable<string> arguments, params ReadOnlySpan<(string Name, string? Value)> environment)
        => Launch(["setsid", .. Command, .. arguments], environment);

    /// <summary>Starts it by another command.</summary>
    public static App StartBy(IEnumerable<string> command, IReadOnlyDictionary<string, string?> environment)
        => Launch(["setsid", .. command], [.. environment.Select(variable => (variable.Key, variable.Value))]);

    /// <summary>Starts the demo on a free port.</summary>
    public static App StartDemo(params ReadOnlySpan<(string Name, string? Value)> environment) => Start(Demo(), environment);

    /// <summary>Starts the demo in a terminal, which ends when <see cref="CloseTerminal"/> says so.</summary>
    // "exec": a shell that stays (dash does) is ended by the terminal's Ctrl-C itself, and its exit code hides the app's.
    public static App StartDemoInTerminal()
        => Launch(["script", "--quiet", "--return", "--flush", "--command", string.Join(' ', ["exec", .. Command, .. Demo()]), "/dev/null"], []);

    /// <summary>Waits for the banner.</summary>
    public async Task<Banner> ReadyAsync()
    {
        try
        {
            await _command.StandardOutput.WaitAsync(text => Banner.Find(text) is not null, Exited).WaitAsync(StartLimit);
        }
        catch (TimeoutException)
        {
            // The assertion below says what there was instead.
        }

        Look();
        var banner = Banner.Find(Output);
        Assert.True(banner is not null, $"The app did not become ready. It said:{Environment.NewLine}{Text}");
        _wasReady = true;
        return banner;
    }

    /// <summary>Waits until <paramref name="target"/> answers with success: for a start that shows no banner.</summary>
    public async Task AnswersAsync(HttpClient client, string target)
    {
        using var limit = new CancellationTokenSource(StartLimit);
        while (!await SucceedsAsync(client, target))
        {
            Assert.False(Exited.IsCompleted || limit.IsCancellationRequested, Text);
            await Task.Delay(100, CancellationToken.None);
        }

        Look();
        _wasReady = true;
    }

    /// <summary>The process id of the command.</summary>
    public int CommandId => _command.Id;

    /// <summary>Waits until the process of a project of this tree runs.</summary>
    public async Task RunsAsync(string project)
    {
        using var limit = new CancellationTokenSource(StartLimit);
        while (!Look().Any(p => p.CommandLine.Contains($"/src/{project}/bin/", StringComparison.Ordinal)))
        {
            Assert.False(Exited.IsCompleted || limit.IsCancellationRequested, Text);
            // A look reads all of /proc; one after the other would leave the start no processor.
            await Task.Delay(100, CancellationToken.None);
        }
    }

    /// <summary>Waits for words in what it writes to standard error.</summary>
    public async Task ComplainsAsync(string words)
        => Assert.True(
            await _command.StandardError.WaitAsync(text => text.Contains(words, StringComparison.Ordinal), Exited).WaitAsync(StartLimit), Text);

    /// <summary>Waits for words in its output.</summary>
    public async Task SaysAsync(string words)
    {
        Assert.True(await _command.StandardOutput.WaitAsync(text => text.Contains(words, StringComparison.Ordinal), Exited).WaitAsync(StartLimit), Text);
        _wasReady = true;
    }

    /// <summary>The process of a project of this tree: <c>AppHost</c>, <c>Gateway</c>, <c>BillingService</c> or <c>Simulator</c>.</summary>
    // Aspire starts a service as the child of a "dotnet run --project …/src/Gateway/Gateway.csproj", which is another process.
    public ProcessEntry ProcessOf(string project) => Look().Single(p => p.CommandLine.Contains($"/src/{project}/bin/", StringComparison.Ordinal));

    /// <summary>All living processes of the app.</summary>
    public IReadOnlyList<ProcessEntry> Look()
    {
        lock (_gate)
        {
            var all = ProcessEntry.All();
            _known.RemoveWhere(known => !all.Any(p => p.IsSameAs(known)));
            int before;
            do
            {
                before = _known.Count;
                // By the marker, or as a child of one of them: Redis writes its title over its environment.
                foreach (var process in all.Where(
                    p => p.Id == _command.Id || _known.Any(k => k.Id == p.ParentId) || p.Environment.GetValueOrDefault(Marker) == _run))
                {
                    if (!_known.Any(process.IsSameAs))
                    {
                        _known.Add(process);
                    }
                }
            }
            while (_known.Count > before);
            return [.. _known];
        }
    }

    /// <summary>Waits until the command has ended and none of its processes is left. Returns the exit code.</summary>
    public async Task<int> GoneAsync()
    {
        using var limit = new CancellationTokenSource(EndLimit);
        while (Look() is { Count: > 0 } left)
        {
            Assert.False(limit.IsCancellationRequested, $"Left behind:{Environment.NewLine}{string.Join(Environment.NewLine, left)}{Environment.NewLine}{Text}");
            await Task.Delay(50, CancellationToken.None);
        }

        var exitCode = await Exited.Guarded();
        await _command.DrainedAsync();
        return exitCode;
    }

    /// <summary>What Ctrl-C in its terminal does.</summary>
    public void PressCtrlC() => Signals.Send(-_command.Id, Signals.Interrupt);

    /// <summary>Presses keys in its terminal.</summary>
    public Task TypeAsync(string keys) => _command.TypeAsync(keys);

    /// <summary>Closes its terminal's window, or breaks the line to it.</summary>
    public void CloseTerminal() => Signals.Send(_command.Id, Signals.Kill);

    /// <summary>Ends it, and kills what does not end.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!Exited.IsCompleted)
            {
                // In a terminal of its own it is in no group of ours, and is killed below.
                Signals.TrySend(-_command.Id, Signals.Interrupt);
                await Task.WhenAny(Exited, Task.Delay(EndLimit));
            }
        }
        finally
        {
            // Whoever has not gone yet may still write to the folder, or start others.
            await HangGuard.Until(() => KillAll() == 0, "all processes of the app are killed");
            await _command.DisposeAsync();
            _data.Delete(recursive: true);
        }
    }

    private static async Task<bool> SucceedsAsync(HttpClient client, string target)
    {
        try
        {
            using var answer = await client.GetAsync(target);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private int KillAll()
    {
        var left = Look();
        foreach (var process in left)
        {
            Signals.TrySend(process.Id, Signals.Kill);
        }

        return left.Count;
    }

    private static string[] Demo() => ["--demo", "--port", $"{FreePort.Take()}"];

    private static App Launch(string[] command, ReadOnlySpan<(string Name, string? Value)> environment)
    {
        var run = Guid.NewGuid().ToString("N");
        // Of its own: what one test uses must not stand in the ledger of another, or of whoever runs the tests.
        var data = Directory.CreateTempSubdirectory("openaiproxy-app-");
        var variables = new Dictionary<string, string?>
        {
            ["Ledger__File"] = Path.Combine(data.FullName, "ledger.db"),
            ["Metering__JournalDirectory"] = Path.Combine(data.FullName, "journal"),
            [Marker] = run,
            ["PATH"] = PathWithout.Engines,
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            // A build server outlives the command that needed it; it is no part of the app.
            ["MSBUILDDISABLENODEREUSE"] = "1",
        };
        foreach (var (name, value) in environment)
        {
            variables[name] = value;
        }

        return new App(run, RunningCommand.Start(command[0], command[1..], variables), data);
    }
}
