using System.Diagnostics;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Running;

/// <summary>A command with its output. Ends with all it has started when it is disposed.</summary>
internal sealed class RunningCommand : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _drained;

    private RunningCommand(Process process)
    {
        _process = process;
        _drained = Task.WhenAll(StandardOutput.DrainAsync(process.StandardOutput.BaseStream), StandardError.DrainAsync(process.StandardError.BaseStream));
        Exited = ExitAsync();
    }

    public int Id => _process.Id;

    public Output StandardOutput { get; } = new();

    public Output StandardError { get; } = new();

    /// <summary>Ends when the process has; its result is the exit code. Its output may still be held open by children.</summary>
    public Task<int> Exited { get; }

    /// <summary>Both outputs.</summary>
    public string Text => StandardOutput.Text + StandardError.Text;

    /// <summary>Starts a program. A null in <paramref name="environment"/> takes that variable away.</summary>
    public static RunningCommand Start(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Tree.Root,
        };
        return ProcessEnvironment.Build(() =>
        {
            foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            {
                start.Environment[name] = value;
            }

            return new RunningCommand(Process.Start(start)!);
        });
    }

    /// <summary>Runs a line of shell exactly as it is written, as somebody who pastes it.</summary>
    public static RunningCommand Shell(string line) => Start("bash", ["-c", line]);

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        await using var command = Start(file, arguments, environment, folder);
        return await command.EndAsync();
    }

    /// <summary>Writes to its standard input, which stays open.</summary>
    public async Task TypeAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for the end of the process and of its output.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        var exitCode = await Exited.WaitAsync(TimeSpan.FromMinutes(2));
        await _drained.Guarded();
        return (exitCode, StandardOutput.Text, StandardError.Text);
    }

    /// <summary>Waits until all that held the outputs open has ended.</summary>
    public Task DrainedAsync() => _drained.Guarded();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await Exited.Guarded();
        _process.Dispose();
    }

    private async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }
}
