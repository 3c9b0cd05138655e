namespace OpenAIProxy.ServiceDefaults.Files;

/// <summary>
/// Files and folders that nobody but the service's own user may read: 0600 and 0700. They tell who used what. On Windows the folder's own rules
/// hold, and a file system without modes, such as a network share, keeps what it has.
/// </summary>
internal static class OwnFiles
{
    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Folder = File | UnixFileMode.UserExecute;

    /// <summary>Has the file that is made with <paramref name="options"/> be nobody else's. Only for modes that may make one.</summary>
    public static FileStreamOptions AsOwn(this FileStreamOptions options)
    {
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File;
        }

        return options;
    }

    /// <summary>Makes a folder, and those above it that are missing. One that exists stays as it is: it may be somebody else's, too.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        // .NET gives the mode only to the last one.
        if (Path.GetDirectoryName(path) is { Length: > 0 } above && !Directory.Exists(above))
        {
            CreateFolder(above);
        }

        Directory.CreateDirectory(path, Folder);
    }

    /// <summary>Opens a file for writing, and makes it if it isn't there; what is in it is lost.</summary>
    public static FileStream Create(string path)
        => new(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.Read }.AsOwn());

    /// <summary>Takes everybody else's rights from a file of ours, if it is there and that can be done: an earlier version left them.</summary>
    public static void Close(string path)
    {
        if (System.IO.File.Exists(path))
        {
            Close(path, File);
        }
    }

    /// <summary>Likewise from a folder that is ours alone, and from the files in it; what a link leads to may be somebody else's, and stays.</summary>
    public static void CloseFolder(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Close(path, Folder);
                foreach (var file in new DirectoryInfo(path).EnumerateFiles().Where(file => file.LinkTarget is null))
                {
                    Close(file.FullName);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is going, or somebody else's.
        }
    }

    private static void Close(string path, UnixFileMode own)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            if (System.IO.File.GetUnixFileMode(path) is var mode && (mode & ~own) != 0)
            {
                System.IO.File.SetUnixFileMode(path, mode & own);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else's, or a file system without modes: as before.
        }
    }
}
