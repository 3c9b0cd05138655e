using OpenAIProxy.Gateway.Paths;

namespace OpenAIProxy.Gateway.Access;

/// <summary>A path that is closed to callers who use the operator's key.</summary>
/// <param name="Path">Without <c>/v1</c>; <c>{…}</c> is any one segment.</param>
/// <param name="Reason">What its caller is told.</param>
/// <param name="MakesSession">
/// False if all methods are closed, there and below: the account is read or changed. True if only what makes something is, and exactly there:
/// what is made is used past the gateway, and nobody counts it.
/// </param>
internal sealed record ClosedPath(string Path, Refusal Reason, bool MakesSession)
{
    private readonly string[] _segments = Path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A path that shows or changes an account.</summary>
    public static ClosedPath Account(string path) => new(path, Refusal.AccountPathNotAllowed, MakesSession: false);

    /// <summary>A path that makes a session or a secret for one.</summary>
    public static ClosedPath Session(string path) => new(path, Refusal.SessionPathNotAllowed, MakesSession: true);

    /// <summary>The first segment.</summary>
    public string Family => _segments[0];

    /// <summary>True if it closes a request.</summary>
    /// <param name="makes">True if the request may make something.</param>
    /// <param name="path">The request's path, from the family on.</param>
    public bool Closes(bool makes, ReadOnlySpan<char> path) => (makes || !MakesSession) && IsAtOrAbove(path, MakesSession);

    /// <summary>True if <paramref name="path"/> is this path or, unless it must be <paramref name="exactly"/> this one, below it.</summary>
    public bool IsAtOrAbove(ReadOnlySpan<char> path, bool exactly = false)
    {
        foreach (var own in _segments)
        {
            if (!PathSegments.TryCut(ref path, out var segment)
                || !(own is ['{', ..] || segment.Equals(own, StringComparison.OrdinalIgnoreCase)))
            {
                return false;
            }
        }

        return !exactly || path.TrimStart('/').IsEmpty;
    }
}
