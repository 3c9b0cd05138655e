using System.Net.Http.Json;
using System.Text.RegularExpressions;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.Standalone.Tests;

/// <summary>The command <c>openai-proxy</c> as a process of its own, on a free port.</summary>
internal sealed partial class StandaloneProcess : IAsyncDisposable
{
    private readonly RunningCommand _command;

    private StandaloneProcess(RunningCommand command, Uri address)
    {
        _command = command;
        Client = new HttpClient { BaseAddress = address, Timeout = HangGuard.Limit };
    }

    /// <summary>Where the build puts it.</summary>
    public static string Program => Path.Combine(Tree.OutputOf("Standalone"), "openai-proxy");

    /// <summary>A client of it.</summary>
    public HttpClient Client { get; }

    public int Id => _command.Id;

    /// <summary>What it wrote to standard output.</summary>
    public string Output => _command.StandardOutput.Text;

    /// <summary>Starts it, and waits for its banner.</summary>
    public static Task<StandaloneProcess> StartAsync(params string[] args) => StartAsync("en_US.UTF-8", args);

    /// <summary>The same in a language.</summary>
    public static Task<StandaloneProcess> StartAsync(string language, string[] args)
        => StartAsync([Program], new Dictionary<string, string?> { ["LC_ALL"] = language }, args);

    /// <summary>The same, of a program elsewhere.</summary>
    /// <param name="program">How it is started: a path, or a command before it, such as <c>env -i</c>.</param>
    /// <param name="environment">Variables beside those of the tests.</param>
    /// <param name="args">The flags of <c>run</c>.</param>
    public static async Task<StandaloneProcess> StartAsync(string[] program, IReadOnlyDictionary<string, string?> environment, string[] args)
    {
        var command = RunningCommand.Start(program[0], [.. program[1..], "run", "--port", "0", .. args], environment);
        if (!await command.StandardOutput.WaitAsync(text => Banner().IsMatch(text), command.Exited).Guarded())
        {
            var text = command.Text;
            await command.DisposeAsync();
            throw new InvalidOperationException(text);
        }

        return new StandaloneProcess(command, new Uri(Banner().Match(command.StandardOutput.Text).Groups[1].Value));
    }

    /// <summary>Runs a command to its end.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args) => RunWithAsync([], args);

    /// <summary>The same with variables of the environment.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunWithAsync(Dictionary<string, string?> environment, params string[] args)
    {
        environment.TryAdd("LC_ALL", "en_US.UTF-8");
        return RunningCommand.RunAsync(Program, args, environment);
    }

    /// <summary>Tells it to stop, as a service manager does. Returns its exit code.</summary>
    public Task<int> StopAsync()
    {
        Signals.Send(Id, Signals.Terminate);
        return _command.Exited.WaitAsync(HangGuard.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _command.DisposeAsync();
    }

    /// <summary>Asks it as a demo: without a key. Returns the answer.</summary>
    public async Task<string> ChatAsync()
    {
        using var answer = await Client.PostAsJsonAsync(
            "/v1/chat/completions", new { model = "gpt-4o-mini", messages = new[] { new { role = "user", content = "Hello!" } } });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }

    // The last line, too: what stands between is written then.
    [GeneratedRegex(@"OpenAIProxy [^:]*: (https?://\S+)[\s\S]*Ctrl-C")]
    private static partial Regex Banner();
}
