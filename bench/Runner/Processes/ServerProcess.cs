using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OpenAIProxy.Runner.Machine;

namespace OpenAIProxy.Runner.Processes;

/// <summary>A running server, pinned to its cores. It ends when this is disposed.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int LogLines = 20;
    private readonly Process _process;
    private readonly Queue<string> _log = [];

    private ServerProcess(Process process, string name, int port)
    {
        _process = process;
        Name = name;
        Port = port;
    }

    public string Name { get; }

    public int Port { get; }

    public int Id => _process.Id;

    /// <summary>CPU time used so far.</summary>
    public TimeSpan Cpu => CpuClock.Of(Id);

    /// <summary>Starts it; <c>SmallRequest.WaitUntilAnsweredAsync</c> says when it works.</summary>
    public static ServerProcess Start(string name, Func<int, IReadOnlyList<string>> command, string cores)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("taskset") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (IReadOnlyList<string>)["-c", cores, .. command(port)])
        {
            start.ArgumentList.Add(argument);
        }

        KeepOutForeignSettings(start);
        var server = new ServerProcess(Process.Start(start)!, name, port);
        server._process.OutputDataReceived += server.Keep;
        server._process.ErrorDataReceived += server.Keep;
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public void ThrowIfEnded()
    {
        if (_process.HasExited)
        {
            _process.WaitForExit();
            lock (_log)
            {
                throw new InvalidOperationException($"{Name} ended with exit code {_process.ExitCode}.\n{string.Join('\n', _log)}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    // OPENAI_API_KEY, ASPNETCORE_URLS, OTEL_… of whoever starts the benchmark.
    private static void KeepOutForeignSettings(ProcessStartInfo start)
    {
        foreach (var name in start.Environment.Keys.ToArray())
        {
            if (name is not ("PATH" or "HOME" or "TMPDIR" or "LANG") && !name.StartsWith("DOTNET_", StringComparison.Ordinal))
            {
                start.Environment.Remove(name);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
        {
            return;
        }

        lock (_log)
        {
            _log.Enqueue(line.Data);
            if (_log.Count > LogLines)
            {
                _log.Dequeue();
            }
        }
    }
}
