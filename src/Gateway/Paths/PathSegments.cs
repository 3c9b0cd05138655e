namespace OpenAIProxy.Gateway.Paths;

/// <summary>Walks through the segments of a path.</summary>
internal static class PathSegments
{
    /// <summary>Cuts the next segment off the front of a path. False if there is none.</summary>
    public static bool TryCut(ref ReadOnlySpan<char> path, out ReadOnlySpan<char> segment)
    {
        path = path.TrimStart('/');
        var end = path.IndexOf('/');
        segment = end < 0 ? path : path[..end];
        path = end < 0 ? default : path[end..];
        return !segment.IsEmpty;
    }
}
