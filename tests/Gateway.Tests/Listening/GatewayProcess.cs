using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OpenAIProxy.Gateway.Tests.Listening;

/// <summary>A gateway in a process of its own, with limits that the test process can't have.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Heard(line.Data);
        process.ErrorDataReceived += (_, line) => Heard(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>True unless it has ended.</summary>
    public bool Lives => !_process.HasExited;

    /// <summary>Descriptors it has open.</summary>
    public int Descriptors => Directory.GetFiles($"/proc/{_process.Id}/fd").Length;

    /// <summary>Starts one in a shell, behind a command such as <c>ulimit -n 1500</c>.</summary>
    public static async Task<GatewayProcess> StartAsync(string command, params string[] arguments)
    {
        var gateway = Path.Combine(AppContext.BaseDirectory, "Gateway.dll");
        var start = new ProcessStartInfo("sh", ["-c", $"{command} && exec \"$@\"", "sh", Environment.ProcessPath is { } path && path.EndsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet", gateway, "--urls=http://127.0.0.1:0", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        var process = new GatewayProcess(ProcessEnvironment.Build(() => Process.Start(start)!));
        try
        {
            process.Address = await process._address.Task.Guarded();
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Lives)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync().Guarded();
        _process.Dispose();
    }

    private void Heard(string? line)
    {
        if (line is null)
        {
            _address.TrySetException(new InvalidOperationException("The gateway ended before it listened."));
        }
        else if (Listening().Match(line) is { Success: true } match)
        {
            _address.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}
