namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>
/// The request's target as it came over the wire, byte for byte. The parsed path would re-spell it: <c>/v1/files/a%2Fb</c> would reach
/// the upstream as <c>a%252Fb</c>.
/// </summary>
internal static class RequestTarget
{
    /// <summary>Nothing is decoded, encoded or resolved.</summary>
    internal static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The upstream's address for a request.</summary>
    /// <param name="baseUrl">Scheme, authority and an optional path, without a trailing slash.</param>
    /// <param name="target">Path and query, without the route prefix.</param>
    public static Uri ToUri(string baseUrl, ReadOnlySpan<char> target)
        => new(string.Concat(baseUrl, target.StartsWith('/') ? "" : "/", target), AsItIs);
}
