using System.Buffers;

namespace OpenAIProxy.Gateway.Paths;

/// <summary>
/// What a request asks for: the target that goes upstream byte for byte, and the one reading of its path that every rule of the gateway
/// judges.
/// </summary>
internal readonly struct RequestPath
{
    // A path of these alone, without empty segments and dots at the ends of segments, means the same to everybody.
    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/:@!$&'()*+,=");

    private readonly string _raw;
    private readonly int _start;

    private RequestPath(string value, bool isPlain, bool hasPrefix, string raw, int start)
    {
        Value = value;
        IsPlain = isPlain;
        HasPrefix = hasPrefix;
        _raw = raw;
        _start = start;
    }

    /// <summary>
    /// The normal form, without the route prefix: decoded, without empty and dot segments and <c>;…</c>, with <c>/</c> for a backslash. A
    /// slash at the end stays.
    /// </summary>
    public string Value { get; }

    /// <summary>
    /// True if nobody can read the path in another way. Escapes that stand for ordinary characters (<c>ft%3Agpt</c>, <c>%20</c>) and one slash
    /// at the end don't change that; an encoded slash, an empty segment or a dot segment does.
    /// </summary>
    public bool IsPlain { get; }

    /// <summary>True if the route prefix stood before it.</summary>
    public bool HasPrefix { get; }

    /// <summary>Path and query as they came, without the route prefix as far as it isn't the upstream's own.</summary>
    public ReadOnlySpan<char> Target => _raw.AsSpan(_start);

    /// <summary>Reads a request's target.</summary>
    /// <param name="rawTarget">The target as it came over the wire.</param>
    /// <param name="prefix">What to take off the front of the path, if it stands there in exactly this spelling; null for nothing.</param>
    public static RequestPath Of(string rawTarget, RoutePrefix? prefix = null)
    {
        var start = StartOf(rawTarget);
        var (raw, at) = start < 0 ? ("/", 0) : (rawTarget, start);
        var target = raw.AsSpan(at);
        var hasPrefix = prefix is not null && prefix.IsAt(target);
        var rest = hasPrefix ? target[prefix!.Value.Length..] : target;
        at = raw.Length - rest.Length - (hasPrefix ? prefix!.LengthKept(rest) : 0);
        var end = rest.IndexOf('?');
        var path = end < 0 ? rest : rest[..end];
        if (path.IsEmpty && hasPrefix)
        {
            path = "/";
        }

        if (!IsObviouslyPlain(path))
        {
            var value = PathNormalizer.Normalize(path, out var isPlain);
            return new RequestPath(value, isPlain, hasPrefix, raw, at);
        }

        return new RequestPath(path.Length == raw.Length ? raw : path.ToString(), isPlain: true, hasPrefix, raw, at);
    }

    private static bool IsObviouslyPlain(ReadOnlySpan<char> path)
        => path is ['/', ..] and not [.., '.']
            && !path.ContainsAnyExcept(PlainCharacters)
            && path.IndexOf("//") < 0
            && (!path.Contains('.') || (path.IndexOf("/.") < 0 && path.IndexOf("./") < 0));

    // Where the path begins; -1 if there is none. A client that takes the gateway for an HTTP proxy sends the absolute form:
    // GET http://gateway/v1/models HTTP/1.1
    private static int StartOf(string rawTarget)
    {
        var authority = rawTarget.StartsWith('/') ? -1 : rawTarget.IndexOf("://", StringComparison.Ordinal);
        return authority < 0 ? 0 : rawTarget.AsSpan(authority + 3).IndexOfAny("/?#\\") is var path and >= 0 ? authority + 3 + path : -1;
    }
}
