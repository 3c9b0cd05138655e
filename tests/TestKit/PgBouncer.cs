using System.Diagnostics;

namespace OpenAIProxy.TestKit;

/// <summary>A real PgBouncer in transaction mode before a <see cref="PostgresServer"/>: each transaction may get another of its few connections.</summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private const int Connections = 3;

    private readonly string _folder;
    private readonly Process _process;

    private PgBouncer(string folder, Process process) => (_folder, _process) = (folder, process);

    /// <summary>Starts one, which listens at a socket of its own.</summary>
    public static async Task<PgBouncer> StartAsync(PostgresServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        var folder = Directory.CreateTempSubdirectory("openaiproxy-pgb-").FullName;
        var settings = Path.Combine(folder, "pgbouncer.ini");
        await File.WriteAllTextAsync(Path.Combine(folder, "users.txt"), "\"postgres\" \"\"\n");
        await File.WriteAllTextAsync(
            settings,
            $"""
            [databases]
            * = host={server.Folder}
            [pgbouncer]
            listen_addr =
            unix_socket_dir = {folder}
            pool_mode = transaction
            default_pool_size = {Connections}
            auth_type = trust
            auth_file = {folder}/users.txt
            logfile = {folder}/log
            """);
        // It refuses root, as PostgreSQL does.
        string[] asOwn = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"] : [];
        if (Environment.IsPrivilegedProcess)
        {
            using var chown = Process.Start("chown", ["-R", "postgres", folder]);
            await chown.WaitForExitAsync().Guarded();
        }

        string[] command = [.. asOwn, Program(), "-q", settings];
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = folder })!;
        await HangGuard.Until(() => process.HasExited || Directory.GetFiles(folder, ".s.PGSQL.*").Length > 0, "PgBouncer listens");
        return process.HasExited ? throw new InvalidOperationException("PgBouncer did not start.") : new PgBouncer(folder, process);
    }

    /// <summary>The way through it to a database of the server.</summary>
    public string ConnectionString(string database) => $"Host={_folder};Port=6432;Username=postgres;Database={database}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().Guarded();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // Debian keeps it where only root looks.
    private static string Program() => File.Exists("/usr/sbin/pgbouncer") ? "/usr/sbin/pgbouncer" : "pgbouncer";
}
