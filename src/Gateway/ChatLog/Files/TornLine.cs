namespace OpenAIProxy.Gateway.ChatLog.Files;

/// <summary>The line that a killed process had begun to write: it has no end, and is none.</summary>
internal static class TornLine
{
    private const int PieceSize = 64 * 1024;

    // A line is one write, so one that is being written is younger. The servers' clocks may differ by less than that.
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    /// <summary>Cuts it off, unless the file may still be written by another process.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock.</param>
    public static void CutOff(string path, TimeProvider time)
    {
        try
        {
            if (time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(path) < Silence)
            {
                return;
            }

            // On a local disk who writes a file holds a shared flock(2), which ends with the process, so that it can't be had alone. On NFS and SMB
            // .NET takes none for a file that is opened for writing: there the file's time alone tells.
            // https://github.com/dotnet/runtime/blob/v10.0.0/src/libraries/System.Private.CoreLib/src/Microsoft/Win32/SafeHandles/SafeFileHandle.Unix.cs
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            var end = EndOfLastLine(file);
            if (end < file.Length)
            {
                file.SetLength(end);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else's, or in use.
        }
    }

    private static long EndOfLastLine(FileStream file)
    {
        var piece = new byte[PieceSize];
        for (var end = file.Length; end > 0; end -= Math.Min(end, piece.Length))
        {
            var start = end - Math.Min(end, piece.Length);
            file.Position = start;
            var bytes = piece.AsSpan(0, (int)(end - start));
            file.ReadExactly(bytes);
            if (bytes.LastIndexOf((byte)'\n') is >= 0 and var at)
            {
                return start + at + 1;
            }
        }

        return 0;
    }
}
