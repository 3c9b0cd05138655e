namespace OpenAIProxy.BillingService.Commands;

/// <summary>Replaces a file at once: whoever reads it meanwhile sees the old one or the new one, and so does a machine that lost power.</summary>
internal static class AtomicFile
{
    /// <summary>Writes <paramref name="content"/>, to the target where the name is a link. The earlier file is kept beside it, as <c>.old</c>.</summary>
    public static void Write(string file, ReadOnlySpan<byte> content)
    {
        var isThere = File.Exists(file);
        var target = isThere && File.ResolveLinkTarget(file, returnFinalTarget: true) is { } linked ? linked.FullName : file;
        // In the same folder, for only within a file system a name can be moved over another.
        var temporary = $"{target}.{Path.GetRandomFileName()}";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            if (isThere)
            {
                if (!OperatingSystem.IsWindows())
                {
                    // The service, which may be another user, read it before.
                    File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
                }

                File.Copy(target, $"{target}.old", overwrite: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
