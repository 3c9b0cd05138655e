namespace OpenAIProxy.Gateway.Paths;

/// <summary>The path under which everything lives too (<c>Forwarding:RoutePrefix</c>), and what of it is the upstream's own.</summary>
internal sealed class RoutePrefix
{
    private const string Azures = "/openai";

    private readonly bool _endsLikeAzures;
    private readonly bool _isAzure;

    /// <summary>Creates it.</summary>
    /// <param name="value">The prefix, such as <c>/openai</c>; empty for none.</param>
    /// <param name="baseUrl">The upstream's address, without a slash at its end.</param>
    /// <param name="isAzure">True if the upstream is Azure, all of whose paths begin with <c>/openai</c>.</param>
    public RoutePrefix(string value, string baseUrl, bool isAzure)
    {
        Value = value;
        // Where the upstream's address has it, the paths below are without it.
        _endsLikeAzures = value.EndsWith(Azures, StringComparison.OrdinalIgnoreCase) && !baseUrl.EndsWith(Azures, StringComparison.OrdinalIgnoreCase);
        _isAzure = isAzure;
    }

    /// <summary>The prefix; empty for none.</summary>
    public string Value { get; }

    /// <summary>True if it stands in front of a target, as whole segments and in this spelling.</summary>
    public bool IsAt(ReadOnlySpan<char> target)
        => Value.Length > 0 && target.StartsWith(Value, StringComparison.Ordinal) && (target.Length == Value.Length || target[Value.Length] is '/' or '?');

    /// <summary>How many characters of it go upstream, too: <c>/openai/deployments/…</c> is a path of Azure's own.</summary>
    /// <param name="rest">What stands behind the prefix.</param>
    public int LengthKept(ReadOnlySpan<char> rest)
    {
        var keeps = _endsLikeAzures && (_isAzure
            ? !rest.StartsWith(Azures + "/", StringComparison.OrdinalIgnoreCase)
            : rest.StartsWith("/deployments/", StringComparison.OrdinalIgnoreCase));
        return keeps ? Azures.Length : 0;
    }
}
