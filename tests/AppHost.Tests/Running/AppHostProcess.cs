using System.Text.RegularExpressions;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.AppHost.Tests.Running;

/// <summary>The built AppHost as a process of its own, with an environment and temporary files of its own.</summary>
internal sealed partial class AppHostProcess : IAsyncDisposable
{
    // All that the AppHost starts inherits it.
    private const string Marker = "OPENAIPROXY_TEST_RUN";

    /// <summary>Lets it, and all that it starts, log everything.</summary>
    public static readonly (string Name, string? Value)[] TraceLogging =
    [
        ("Logging__LogLevel__Default", "Trace"), ("Logging__Console__LogLevel__Default", "Trace"), ("Logging__LogLevel__Microsoft.AspNetCore", "Trace"),
        ("Logging__LogLevel__Aspire.Hosting.Dcp", "Trace"), ("Logging__LogLevel__Aspire.Hosting.DistributedApplication", "Trace"),
    ];

    private static readonly string Program = Path.Combine(Tree.OutputOf("AppHost"), "AppHost");

    private readonly string _run = Guid.NewGuid().ToString("N");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("opx-");
    private readonly RunningCommand _command;

    private AppHostProcess(IEnumerable<string> arguments, IEnumerable<(string Name, string? Value)> environment)
    {
        var variables = new Dictionary<string, string?>
        {
            ["Ledger__File"] = Path.Combine(_folder.FullName, "ledger.db"),
            ["Metering__JournalDirectory"] = Path.Combine(_folder.FullName, "journal"),
            ["TMPDIR"] = TemporaryFiles.FullName,
            [Marker] = _run,
        };
        foreach (var (name, value) in environment)
        {
            variables[name] = value;
        }

        TemporaryFiles.Create();
        _command = RunningCommand.Start(Program, arguments, variables);
    }

    /// <summary>Where it and all that it starts put their temporary files.</summary>
    public DirectoryInfo TemporaryFiles => new(Path.Combine(_folder.FullName, "tmp"));

    /// <summary>All that it has written so far.</summary>
    public string Text => _command.Text;

    /// <summary>What it wrote to standard output.</summary>
    public string Output => _command.StandardOutput.Text;

    /// <summary>What it wrote to standard error.</summary>
    public string Error => _command.StandardError.Text;

    /// <summary>Starts it.</summary>
    public static AppHostProcess Start(IEnumerable<string> arguments, params IEnumerable<(string Name, string? Value)> environment)
        => new(arguments, environment);

    /// <summary>Runs one that ends by itself.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        IEnumerable<string> arguments, params IEnumerable<(string Name, string? Value)> environment)
    {
        await using var app = Start(arguments, environment);
        var exitCode = await app._command.Exited.WaitAsync(TestedApp.StartLimit);
        await app._command.DrainedAsync();
        return (exitCode, app.Output, app.Error);
    }

    /// <summary>Waits until it says that it is ready. Returns the gateway's address.</summary>
    public async Task<Uri> ReadyAsync()
    {
        try
        {
            await _command.StandardOutput.WaitAsync(text => Ready().IsMatch(text), _command.Exited).WaitAsync(TestedApp.StartLimit);
        }
        catch (TimeoutException)
        {
            // The assertion below says what there was instead.
        }

        Assert.True(Ready().IsMatch(Output), $"The app did not become ready. It said:{Environment.NewLine}{Text}");
        return new Uri(Ready().Match(Output).Groups["address"].Value);
    }

    /// <summary>The process of a project of this tree, such as <c>Gateway</c>.</summary>
    public ProcessEntry ProcessOf(string project) => Look().Single(p => p.CommandLine.Contains($"/src/{project}/bin/", StringComparison.Ordinal));

    /// <summary>All its living processes.</summary>
    public IReadOnlyList<ProcessEntry> Look()
    {
        var all = ProcessEntry.All();
        var own = all.Where(p => p.Id == _command.Id || p.Environment.GetValueOrDefault(Marker) == _run).ToHashSet();
        int before;
        do
        {
            // By descent, too: Redis writes its title over its environment.
            before = own.Count;
            own.UnionWith(all.Where(p => own.Any(o => o.Id == p.ParentId)));
        }
        while (own.Count > before);
        return [.. own];
    }

    /// <summary>Ends it as Ctrl-C does, and waits until all its processes have.</summary>
    public async Task StopAsync()
    {
        if (!_command.Exited.IsCompleted)
        {
            Signals.TrySend(_command.Id, Signals.Interrupt);
        }

        await _command.Exited.WaitAsync(TestedApp.StartLimit);
        await _command.DrainedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        finally
        {
            await HangGuard.Until(() => KillAll() == 0, "all processes of the app are killed");
            await _command.DisposeAsync();
            _folder.Delete(recursive: true);
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

    [GeneratedRegex(@"^OpenAIProxy is ready: (?<address>http\S+)$", RegexOptions.Multiline)]
    private static partial Regex Ready();
}
