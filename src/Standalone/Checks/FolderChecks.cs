namespace OpenAIProxy.Standalone.Checks;

/// <summary>Whether what must survive a restart can be written, and does.</summary>
internal static class FolderChecks
{
    private static readonly string[] MemoryFileSystems = ["tmpfs", "ramfs"];

    /// <summary>Looks at a folder that need not be there yet.</summary>
    /// <param name="holds">What it holds: <c>ledger</c>, <c>journal</c>.</param>
    /// <param name="folder">Its path.</param>
    public static Finding Find(string holds, string folder)
    {
        var existing = folder;
        while (!Path.Exists(existing) && Path.GetDirectoryName(existing) is { Length: > 0 } above)
        {
            existing = above;
        }

        if (WriteError(existing) is { } reason)
        {
            return Finding.Error("data", $"The {holds}'s folder {folder} can't be written: {reason}");
        }

        return FileSystem(existing) is { } format && MemoryFileSystems.Contains(format)
            ? Finding.Warning("data", $"The {holds}'s folder {folder} is in memory ({format}): a restart of the machine or the container loses it. Choose another (--data).")
            : Finding.Ok("data", $"The {holds}'s folder {folder} can be written.");
    }

    private static string? WriteError(string folder)
    {
        if (File.Exists(folder))
        {
            return $"{folder} is a file.";
        }

        try
        {
            using var file = new FileStream(Path.Combine(folder, $".check-{Path.GetRandomFileName()}"), new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Options = FileOptions.DeleteOnClose,
            });
            file.WriteByte(0);
            file.Flush();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static string? FileSystem(string folder)
    {
        try
        {
            return new DriveInfo(folder).DriveFormat;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A network share of Windows has no letter.
            return null;
        }
    }
}
