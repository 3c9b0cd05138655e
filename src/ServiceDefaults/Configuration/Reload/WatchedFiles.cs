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

    /// <summary>Of a file that two readers have seen with different content.</summary>
    public const string Differing = "?";

    private const string Unreadable = "-";

    /// <summary>True for what <see cref="Fingerprint"/> gives of a file whose content it has seen.</summary>
    public static bool IsContent(string fingerprint) => fingerprint is not (Missing or Unreadable);

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
            // Not Missing: .NET takes a file that it may not see for one that is not there, and an optional one for an empty one.
            return Unreadable;
        }
    }
}
