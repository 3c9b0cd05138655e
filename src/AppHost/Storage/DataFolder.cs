using OpenAIProxy.AppHost.CommandLine;
using OpenAIProxy.ServiceDefaults.Files;

namespace OpenAIProxy.AppHost.Storage;

/// <summary>
/// The folder for what must survive a restart: <c>.data</c> of the repository, and <c>.data/demo</c> for a demo, so that what it makes up
/// stands apart from what was really used.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const int MostFolders = 20;

    private readonly List<FileStream> _locks = [];

    private DataFolder(string path) => Path = path;

    /// <summary>Its full path. It may not exist yet.</summary>
    public string Path { get; }

    /// <summary>The folder of an app that runs with <paramref name="options"/>.</summary>
    public static DataFolder For(IDistributedApplicationBuilder builder, Options options)
    {
        var data = System.IO.Path.GetFullPath(System.IO.Path.Combine(builder.AppHostDirectory, "../../.data"));
        var folder = System.IO.Path.Combine(data, options.Demo ? "demo" : "");
        // An earlier version may have made them for everybody to read.
        OwnFiles.CloseFolder(data);
        OwnFiles.CloseFolder(folder);
        return new(folder);
    }

    /// <summary>
    /// A folder <paramref name="name"/> in it that no other process uses, for this process alone until it ends, however it ends. A second
    /// AppHost at the same time gets another folder, <c>redis-2</c>.
    /// </summary>
    /// <exception cref="UnusableOptionException">None can be had.</exception>
    public string TakeFolder(string name)
    {
        var reason = "";
        for (var i = 1; i <= MostFolders; i++)
        {
            var folder = System.IO.Path.Combine(Path, i == 1 ? name : $"{name}-{i}");
            try
            {
                OwnFiles.CreateFolder(folder);
                OwnFiles.CloseFolder(folder);
                _locks.Add(new FileStream(System.IO.Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
                return folder;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                reason = e.Message;
            }
        }

        throw new UnusableOptionException($"There is no folder for the data of {name}: {reason}");
    }

    /// <summary>Gives up the folders that were taken.</summary>
    public void Dispose()
    {
        foreach (var taken in _locks)
        {
            taken.Dispose();
        }
    }
}
