using System.Diagnostics;
using System.Globalization;

namespace OpenAIProxy.TestKit;

/// <summary>
/// A real PostgreSQL, in a folder of its own, reached through a socket there. It may be stopped, killed and started again. As root it runs
/// as the user <c>postgres</c>, for it refuses root.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Packages = "/usr/lib/postgresql";
    private const string Unprivileged = "postgres";
    private const string Superuser = "postgres";

    private const string Options = "-c listen_addresses='' -c max_connections=200 ";

    // What tests keep is not worth a flush of the disk.
    private const string Careless = Options + "-c shared_buffers=32MB -c fsync=off -c full_page_writes=off";

    private readonly string _folder = Directory.CreateTempSubdirectory("openaiproxy-pg-").FullName;
    private readonly string _programs = Programs();
    private readonly string _options;
    private int _databases;
    private bool _runs;

    private PostgresServer(string options) => _options = options;

    /// <summary>The folder of its socket.</summary>
    public string Folder => _folder;

    private string Data => Path.Combine(_folder, "data");

    private string LogFile => Path.Combine(_folder, "log");

    /// <summary>Makes one and starts it.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var server = await CreateAsync();
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Makes one with PostgreSQL's own settings, whose commits survive a power cut, and starts it.</summary>
    public static async Task<PostgresServer> StartDurableAsync()
    {
        var server = await CreateAsync(Options);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Makes one that is not running yet; <see cref="StartAgainAsync"/> starts it.</summary>
    public static Task<PostgresServer> CreateAsync() => CreateAsync(Careless);

    private static async Task<PostgresServer> CreateAsync(string options)
    {
        var server = new PostgresServer(options);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", Unprivileged, server._folder);
        }

        await server.RunOwnAsync("initdb", "-D", server.Data, "-U", Superuser, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        return server;
    }

    /// <summary>Starts it with what it held.</summary>
    public async Task StartAgainAsync()
    {
        await RunOwnAsync("pg_ctl", "start", "-D", Data, "-l", LogFile, "-w", "-t", Limit, "-o", $"{_options} -k {_folder}");
        _runs = true;
    }

    /// <summary>Ends it in good order, and its connections with it.</summary>
    public Task StopAsync() => StopAsync("fast");

    /// <summary>Ends it as a crash would: what was committed is there when it starts again.</summary>
    public Task KillAsync() => StopAsync("immediate");

    /// <summary>Stops all that it does, while its connections stay, until it is thawed.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>As a connection string of Npgsql; for a database that may not exist.</summary>
    public string ConnectionString(string database) => $"Host={_folder};Username={Superuser};Database={database}";

    /// <summary>Makes an empty database. Returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = "test" + Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture);
        await CreateDatabaseAsync(name);
        return ConnectionString(name);
    }

    /// <summary>Makes an empty database.</summary>
    public Task CreateDatabaseAsync(string name) => RunOwnAsync("createdb", "-h", _folder, "-U", Superuser, name);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_runs)
        {
            await KillAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string Limit => HangGuard.Limit.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture);

    // To the server's process and to those that it has made, one for each connection.
    private async Task SignalAsync(string signal)
    {
        var main = (await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0].Trim();
        string[] children = [.. Directory.GetDirectories("/proc")
            .Select(Path.GetFileName).OfType<string>()
            .Where(id => id.All(char.IsAsciiDigit) && File.Exists($"/proc/{id}/stat")
                && File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1].Split(' ')[1] == main)];
        await RunAsync("kill", ["-" + signal, main, .. children]);
    }

    private async Task StopAsync(string mode)
    {
        await RunOwnAsync("pg_ctl", "stop", "-D", Data, "-m", mode, "-w", "-t", Limit);
        _runs = false;
    }

    private Task RunOwnAsync(string program, params string[] arguments)
    {
        program = Path.Combine(_programs, program);
        return Environment.IsPrivilegedProcess
            ? RunAsync("setpriv", ["--reuid", Unprivileged, "--regid", Unprivileged, "--clear-groups", program, .. arguments])
            : RunAsync(program, arguments);
    }

    // The newest of Debian's, which are not on PATH; elsewhere the one that is.
    private static string Programs()
    {
        var packages = Directory.Exists(Packages) ? Directory.GetDirectories(Packages) : [];
        return packages
            .OrderByDescending(folder => double.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"))
            .Concat(Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [])
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new InvalidOperationException("PostgreSQL is not installed: its initdb was not found.");
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        }) ?? throw new InvalidOperationException($"{program} can't be started.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        // Two cores and eight servers at once: initdb alone may take its time.
        await process.WaitForExitAsync().WaitAsync(2 * HangGuard.Limit);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed: {await errors} {await output}");
        }
    }
}
