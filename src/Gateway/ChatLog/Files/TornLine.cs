namespace OpenAIProxy.Gateway.ChatLog.Files;

/// <summary>The line that a killed process had begun to write: it has no end, and is none.</summary>
internal static class TornLine
{
    private const int PieceSize = 64 * 1024;

    /// <summary>Cuts it off, unless the file is still being written.</summary>
    public static void CutOff(string path)
    {
        try
        {
            // Who writes a file shares it, so that it can't be had alone: on Unix by flock(2), which ends with the process.
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
