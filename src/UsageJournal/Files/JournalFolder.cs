using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using OpenAIProxy.ServiceDefaults.Files;

namespace OpenAIProxy.UsageJournal.Files;

/// <summary>
/// The folder of one gateway process, inside the journal's. A locked file says that its process lives; what a dead one left, others take
/// over. Names: <c>ID.open</c> segments that may be written, <c>ID.ready</c> those that never change again, <c>ID.calls</c> open calls.
/// </summary>
internal sealed class JournalFolder : IDisposable
{
    public const string Open = ".open";
    public const string Ready = ".ready";
    public const string Calls = ".calls";
    public const string Unfinished = ".tmp";

    /// <summary>In <see cref="Aside"/>: what was not counted.</summary>
    public const string Refused = ".refused";

    /// <summary>In <see cref="Aside"/>: damaged files of which all is counted that could be read.</summary>
    public const string Damaged = ".damaged";

    private const string LockName = "lock";
    private const string AsideName = "refused";
    private const int Tries = 10;
    private const int LongestMachineName = 256;

    /// <summary>How long a gateway of another machine must have been silent before its folder is taken for a dead one's.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    private readonly FileStream _lock;
    private readonly TimeProvider _time;
    private readonly string _root;
    private int _ready;

    private JournalFolder(string root, string path, FileStream held, TimeProvider time)
    {
        _root = root;
        Path = path;
        _lock = held;
        _time = time;
    }

    public string Path { get; }

    /// <summary>True if two can't hold the lock at the same time. Some network file systems let them.</summary>
    public bool HasRealLock { get; private set; }

    /// <summary>Makes a folder for this process.</summary>
    /// <exception cref="IOException">The journal's folder can't be used.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static JournalFolder Create(string root, TimeProvider time)
    {
        for (var tries = 1; ; tries++)
        {
            var path = System.IO.Path.Combine(root, Guid.CreateVersion7().ToString("N"));
            OwnFiles.CreateFolder(path);
            FileStream? held = null;
            try
            {
                held = OpenLock(path, FileMode.CreateNew);
                held.Write(Encoding.UTF8.GetBytes(Environment.MachineName));
                var folder = new JournalFolder(root, path, held, time) { HasRealLock = !TryOpenLock(path, out var second) };
                second?.Dispose();
                OwnFiles.CloseFolder(System.IO.Path.Combine(root, AsideName));
                return folder;
            }
            catch (Exception e) when (FileCleanup.IsDiskFailure(e))
            {
                if (held is not null)
                {
                    FileCleanup.TryDelete(held.Name);
                    held.Dispose();
                }

                FileCleanup.TryDeleteFolder(path);
                // Another gateway may take the new folder for a dead one's, between the making of the file and its lock, and delete it.
                if (e is not IOException || tries == Tries || !Directory.Exists(root))
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Updates the lock file's time, for machines that don't see the lock. To be called several times per <see cref="Silence"/>.</summary>
    public void Beat()
    {
        try
        {
            File.SetLastWriteTimeUtc(_lock.SafeFileHandle, _time.GetUtcNow().UtcDateTime);
        }
        catch (Exception e) when (FileCleanup.IsDiskFailure(e))
        {
            // Whoever writes to this disk reports the failure.
        }
    }

    /// <summary>The folders whose process is gone. They belong to this process now.</summary>
    /// <param name="root">The journal's folder.</param>
    /// <param name="own">This process's folder in it, which may look free where locks are not real.</param>
    /// <param name="time">The clock.</param>
    public static List<JournalFolder> Adopt(string root, string own, TimeProvider time)
    {
        var folders = new List<JournalFolder>();
        try
        {
            foreach (var path in Directory.GetDirectories(root))
            {
                if (path != own && TryOpenLock(path, out var held) && !MayLiveElsewhere(held, time))
                {
                    var folder = new JournalFolder(root, path, held, time);
                    OwnFiles.CloseFolder(path);
                    folder.Claim();
                    folders.Add(folder);
                }
            }
        }
        catch (Exception e) when (FileCleanup.IsDiskFailure(e))
        {
            // The keeper notices that the folder is gone.
        }

        return folders;
    }

    /// <summary>True if a process of this machine lives that has a folder in <paramref name="root"/>.</summary>
    public static bool IsHeld(string root)
    {
        try
        {
            return Directory.Exists(root) && Directory.GetDirectories(root).Any(IsLocked);
        }
        catch (Exception e) when (FileCleanup.IsDiskFailure(e))
        {
            // Nobody can say.
            return false;
        }
    }

    /// <summary>Its files with an ending, oldest first.</summary>
    public string[] Files(string ending)
    {
        var files = Directory.GetFiles(Path, "*" + ending);
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    /// <summary>True if segments of this folder wait to be shipped.</summary>
    public bool IsNeeded => Volatile.Read(ref _ready) > 0;

    /// <summary>Notes that a segment waits to be shipped.</summary>
    public void Add() => Interlocked.Increment(ref _ready);

    /// <summary>Notes that a segment is gone.</summary>
    public void Shipped() => Interlocked.Decrement(ref _ready);

    /// <summary>The folder for files that are not shipped: refused and damaged ones.</summary>
    /// <param name="root">The journal's folder.</param>
    public static string Aside(string root) => System.IO.Path.Combine(root, AsideName);

    /// <summary>Moves a file aside, beside what is there already. Returns where it is.</summary>
    public string MoveAside(string file, string ending) => MoveAside(_root, file, ending);

    /// <summary>Moves a file aside, beside what is there already. Returns where it is.</summary>
    /// <param name="root">The journal's folder.</param>
    /// <param name="file">The file.</param>
    /// <param name="ending"><see cref="Refused"/> or <see cref="Damaged"/>.</param>
    public static string MoveAside(string root, string file, string ending)
    {
        var folder = Aside(root);
        OwnFiles.CreateFolder(folder);
        OwnFiles.CloseFolder(folder);
        var name = System.IO.Path.GetFileName(file).Split('.')[0];
        for (var i = 0; ; i++)
        {
            var to = System.IO.Path.Combine(folder, i == 0 ? name + ending : $"{name}.{i.ToString(CultureInfo.InvariantCulture)}{ending}");
            try
            {
                File.Move(file, to);
                return to;
            }
            catch (IOException) when (File.Exists(to))
            {
                // One of this name was moved there before.
            }
        }
    }

    /// <summary>Deletes the folder if nothing but the lock is in it, and lets go of it in any case.</summary>
    public void Dispose()
    {
        try
        {
            if (Directory.GetFileSystemEntries(Path).Length == 1)
            {
                FileCleanup.TryDelete(System.IO.Path.Combine(Path, LockName));
                FileCleanup.TryDeleteFolder(Path);
            }
        }
        catch (Exception e) when (FileCleanup.IsDiskFailure(e))
        {
            // Somebody else deleted it.
        }

        _lock.Dispose();
    }

    // The machine's name in it says whose lock it is.
    private void Claim()
    {
        try
        {
            _lock.SetLength(0);
            _lock.Position = 0;
            _lock.Write(Encoding.UTF8.GetBytes(Environment.MachineName));
        }
        catch (Exception e) when (FileCleanup.IsDiskFailure(e))
        {
            // The lock holds without the name.
        }
    }

    // Some network disks keep locks on the machine that made them: there a lock that is free says nothing about other machines' processes.
    private static bool MayLiveElsewhere(FileStream held, TimeProvider time)
    {
        Span<byte> machine = stackalloc byte[LongestMachineName];
        machine = machine[..held.Read(machine)];
        var silence = time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(held.SafeFileHandle);
        if (machine.IsEmpty || silence.Duration() > Silence || machine.SequenceEqual(Encoding.UTF8.GetBytes(Environment.MachineName)))
        {
            return false;
        }

        held.Dispose();
        return true;
    }

    private static bool IsLocked(string path)
    {
        if (!File.Exists(System.IO.Path.Combine(path, LockName)))
        {
            return false;
        }

        var isFree = TryOpenLock(path, out var held);
        held?.Dispose();
        return !isFree;
    }

    private static bool TryOpenLock(string path, [NotNullWhen(true)] out FileStream? held)
    {
        held = null;
        try
        {
            held = OpenLock(path, FileMode.Open);
            if (File.Exists(held.Name))
            {
                return true;
            }

            // Its owner deleted it while we waited for it.
            held.Dispose();
            held = null;
            return false;
        }
        catch (Exception e) when (FileCleanup.IsDiskFailure(e))
        {
            return false;
        }
    }

    private static FileStream OpenLock(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        return new(System.IO.Path.Combine(path, LockName), mode == FileMode.CreateNew ? options.AsOwn() : options);
    }
}
