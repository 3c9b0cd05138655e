using System.Security.Cryptography;

namespace OpenAIProxy.ServiceDefaults.Configuration.Reload;

/// <summary>
/// What stands in files, to see that it has changed. They are read, not watched: a host gives all its containers together only 128 inotify
/// instances, network file systems tell nothing, and Kubernetes swaps a symbolic link beside the file.
/// </summary>
internal static class WatchedFiles
{
    /// <summary>Of a file that is not there.</summary>
    public const string Missing = "";

    private const string Unreadable = "-";

    /// <summary>A short text that is another one when the file's content is.</summary>
    public static string Fingerprint(string file)
    {
        try
        {
            return Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Missing;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Why is told by who reads its settings.
            return Unreadable;
        }
    }
}
