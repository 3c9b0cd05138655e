namespace OpenAIProxy.UsageJournal.Files;

/// <summary>Best-effort file operations: failures are ignored.</summary>
internal static class FileCleanup
{
    /// <summary>True for the exceptions of a full, read-only, missing or broken disk.</summary>
    public static bool IsDiskFailure(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>Deletes a file; false if that failed.</summary>
    public static bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (IsDiskFailure(e))
        {
            return false;
        }
    }

    /// <summary>Deletes an empty folder; false if that failed.</summary>
    public static bool TryDeleteFolder(string path)
    {
        try
        {
            Directory.Delete(path);
            return true;
        }
        catch (Exception e) when (IsDiskFailure(e))
        {
            return false;
        }
    }
}
