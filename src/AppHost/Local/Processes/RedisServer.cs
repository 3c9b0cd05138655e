using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace OpenAIProxy.AppHost.Local;

/// <summary>A redis-server of our own: loopback only, a new password each time, appending to its own folder.</summary>
internal sealed class RedisServer(string name) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);

    private readonly FileStream _folderLock = TakeFolder();
    private readonly int _port = Ports.Free();
    private readonly string _password = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public static bool IsInstalled => Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "redis-server"))) == true;

    /// <summary>Its log is only of interest when it fails.</summary>
    public Child Process { get; } = new(name, ChildStart.Prepare("/", "redis-server", "-"), (_, _) => { });

    public string ConnectionString => $"127.0.0.1:{_port},password={_password}";

    /// <summary>Returns when it listens or has ended, or nobody waits for it any more.</summary>
    /// <exception cref="TimeoutException">It did neither for too long, and has been ended.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // By standard input: what is on a command line, all users of this machine can read.
        await Process.StartAsync($"""
            bind 127.0.0.1
            port {_port}
            requirepass {_password}
            dir "{Path.GetDirectoryName(_folderLock.Name)!.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}"
            appendonly yes
            save ""

            """);
        var clock = Stopwatch.StartNew();
        while (!Process.Ended.IsCompleted && !cancellationToken.IsCancellationRequested && !await ListensAsync(cancellationToken))
        {
            if (clock.Elapsed > StartLimit)
            {
                Process.Signal(Native.Kill);
                await Process.Ended;
                throw new TimeoutException($"redis-server did not listen within {StartLimit.TotalSeconds} seconds.");
            }

            await Task.WhenAny(Process.Ended, Task.Delay(50, cancellationToken));
        }
    }

    public void Dispose()
    {
        Process.Dispose();
        _folderLock.Dispose();
    }

    private async Task<bool> ListensAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        return await client.ConnectAsync(IPAddress.Loopback, _port, cancellationToken).AsTask().ContinueWith(c => c.IsCompletedSuccessfully, TaskScheduler.Default);
    }

    // In the clone or, if that is read-only or somebody else's, with this user's own data. Two AppHosts at the same time must not append to
    // the same file: the next folder for the second one. The lock goes when the process goes, however it ends.
    private static FileStream TakeFolder()
    {
        string[] roots =
        [
            Path.GetFullPath(Path.Combine(Projects.AppHost.ProjectPath, "../../.data")),
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "openaiproxy"),
        ];
        var reason = "";
        foreach (var folder in roots.SelectMany(root => Enumerable.Range(1, 20).Select(i => Path.Combine(root, i == 1 ? "redis" : $"redis-{i}"))))
        {
            try
            {
                Directory.CreateDirectory(folder, OwnerOnly);
                return new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                reason = e.Message;
            }
        }

        throw new IOException($"redis-server has no folder for its data: {reason}");
    }
}
