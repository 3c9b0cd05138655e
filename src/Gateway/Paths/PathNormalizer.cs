namespace OpenAIProxy.Gateway.Paths;

/// <summary>The normal form of a path that is not obviously plain already.</summary>
internal static class PathNormalizer
{
    // Each round but the last makes the text shorter; who encodes more often than that is not judged by it, and refused or unpriced anyway.
    private const int MostRounds = 8;

    /// <summary>Computes it.</summary>
    /// <param name="path">The path as it came, without its query.</param>
    /// <param name="isPlain">False if another server may read the path in another way.</param>
    public static string Normalize(ReadOnlySpan<char> path, out bool isPlain)
    {
        var text = PathEscapes.Decode(path.ToString(), out isPlain);
        // What changes when it is decoded once more is not plain. It is read to the end all the same: some server will.
        for (var round = 0; !isPlain && round < MostRounds && text.Contains('%', StringComparison.Ordinal); round++)
        {
            text = PathEscapes.Decode(text, out _);
        }

        return Resolve(text, ref isPlain);
    }

    private static string Resolve(string text, ref bool isPlain)
    {
        // A query that was encoded, and a fragment: who finds one in a path cuts the path there.
        var end = text.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? text : text[..end];
        isPlain &= end < 0 && path.StartsWith('/') && !path.Contains('\\', StringComparison.Ordinal);

        var segments = new List<string>();
        var parts = path.Split('/', '\\');
        for (var i = 1; i < parts.Length; i++)
        {
            var segment = WithoutParameters(parts[i]);
            var name = segment.TrimEnd(' ', '.');
            isPlain &= name.Length == parts[i].Length && (name.Length > 0 || i == parts.Length - 1);
            if (segment == "..")
            {
                segments.RemoveRange(Math.Max(0, segments.Count - 1), Math.Min(1, segments.Count));
            }
            else if (name.Length > 0)
            {
                segments.Add(name);
            }
        }

        var slash = parts is [.., ""] && segments.Count > 0 ? "/" : "";
        return $"/{string.Join('/', segments)}{slash}";
    }

    // Parameters (/v1;x=1/models) belong to no name, and servers on Windows take no notice of spaces and dots at the end of one.
    private static string WithoutParameters(string segment)
    {
        var parameters = segment.IndexOf(';', StringComparison.Ordinal);
        return (parameters < 0 ? segment : segment[..parameters]).Trim(' ');
    }
}
