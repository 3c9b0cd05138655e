namespace OpenAIProxy.Gateway.Access;

/// <summary>Paths that may be called, <c>/v1/chat/completions</c> or <c>/v1/files/*</c>. An empty list allows all.</summary>
internal sealed class PathList(IReadOnlyList<string> patterns)
{
    private readonly string[] _patterns = [.. patterns];

    /// <summary>True if <paramref name="path"/>, in its normal form, is one of them or below one.</summary>
    public bool Allows(string path)
    {
        if (_patterns.Length == 0)
        {
            return true;
        }

        foreach (var pattern in _patterns)
        {
            // /v1/files/* is /v1/files, too: a client that may read the files may list them.
            var isBelow = pattern is [.., '*'] && path.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal);
            if (isBelow || (pattern is [.., '*'] ? pattern.AsSpan(0, pattern.Length - 2) : pattern).SequenceEqual(path))
            {
                return true;
            }
        }

        return false;
    }
}
