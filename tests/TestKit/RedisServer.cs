using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpenAIProxy.TestKit;

/// <summary>A real <c>redis-server</c>, on a port and in a folder of its own. It may be stopped, killed, frozen and started again on the same port.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const int StartAttempts = 5;

    private static readonly FreePorts Ports = new(5_000, 10_000);

    private readonly string _folder = Directory.CreateTempSubdirectory("openaiproxy-redis-").FullName;
    private Process? _process;

    private RedisServer()
    {
    }

    /// <summary>The port, of 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>As a connection string of StackExchange.Redis.</summary>
    public string ConnectionString => $"127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Starts one, empty.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var server = Reserve();
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Takes a port for one that is not running yet; <see cref="StartAgainAsync"/> starts it.</summary>
    public static RedisServer Reserve() => new() { Port = Ports.Take() };

    /// <summary>Starts it on its port, with what it held when it was stopped by <see cref="StopAsync"/>.</summary>
    public async Task StartAgainAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            _process = Launch();
            try
            {
                await HangGuard.Until(() => _process.HasExited || Answers(_process.Id), $"redis-server answers on port {Port}");
            }
            catch (TimeoutException)
            {
                await KillAsync();
                throw;
            }

            if (!_process.HasExited)
            {
                return;
            }

            // Somebody else has taken the port before it listened.
            _process.Dispose();
            _process = null;
            if (attempt == StartAttempts)
            {
                throw new InvalidOperationException($"redis-server ends at once; its log is {File.ReadAllText(LogFile)}");
            }

            await Task.Delay(50 * attempt);
        }
    }

    /// <summary>Ends it in good order: what it holds is kept for <see cref="StartAgainAsync"/>.</summary>
    public async Task StopAsync()
    {
        await CommandAsync("SHUTDOWN", "SAVE");
        await EndedAsync();
    }

    /// <summary>Ends it as a crash would: at once, and what it held is gone.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await EndedAsync();
        }
    }

    /// <summary>Makes it hang: it takes connections and commands, and answers nothing until <see cref="ThawAsync"/>.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Runs a command in <c>redis-cli</c> and returns what it prints, raw.</summary>
    public async Task<byte[]> CommandAsync(params string[] command)
    {
        using var cli = Start("redis-cli", ["-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "--raw", .. command]);
        using var output = new MemoryStream();
        await cli.StandardOutput.BaseStream.CopyToAsync(output).Guarded();
        await cli.WaitForExitAsync().Guarded();
        return output.ToArray();
    }

    /// <summary>All names it holds.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync()
        => Encoding.UTF8.GetString(await CommandAsync("KEYS", "*")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>All that it holds: each name, and its value as Redis dumps it.</summary>
    public async Task<string> DumpAsync()
    {
        var dump = new StringBuilder();
        foreach (var name in await NamesAsync())
        {
            dump.AppendLine(name).AppendLine(Encoding.UTF8.GetString(await CommandAsync("DUMP", name)));
        }

        return dump.ToString();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string LogFile => Path.Combine(_folder, "redis.log");

    private Process Launch() => Start("redis-server",
    [
        "--bind", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--dir", _folder, "--save", "", "--appendonly", "no",
        "--logfile", LogFile, "--daemonize", "no",
    ]);

    private static Process Start(string program, string[] arguments)
        => Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true })
            ?? throw new InvalidOperationException($"{program} can't be started.");

    private async Task SignalAsync(string signal)
    {
        using var kill = Start("bash", ["-c", $"kill -{signal} {_process!.Id}"]);
        await kill.WaitForExitAsync().Guarded();
    }

    private async Task EndedAsync()
    {
        await _process!.WaitForExitAsync().Guarded();
        _process.Dispose();
        _process = null;
    }

    // Another Redis on that port answers too, until ours has noticed.
    private bool Answers(int processId)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            using var stream = client.GetStream();
            stream.ReadTimeout = 1_000;
            stream.Write("PING\r\nINFO server\r\nQUIT\r\n"u8);
            var answers = new StreamReader(stream).ReadToEnd();
            return answers.StartsWith("+PONG", StringComparison.Ordinal)
                && answers.Contains(string.Create(CultureInfo.InvariantCulture, $"\nprocess_id:{processId}\r"), StringComparison.Ordinal);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }
}
