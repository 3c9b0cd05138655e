namespace OpenAIProxy.UsageJournal;

/// <summary>What is done with the journal's files where a failure changes nothing.</summary>
internal static class FilesAside
{
    /// <summary>True for what a disk does to those who write on it.</summary>
    public static bool IsDiskFailure(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>Deletes a file if that is possible.</summary>
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

    /// <summary>Deletes an empty folder if that is possible.</summary>
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
