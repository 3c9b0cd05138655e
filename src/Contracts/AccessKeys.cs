namespace OpenAIProxy.Contracts;

/// <summary>The access keys that a gateway's operator gives away.</summary>
public static class AccessKeys
{
    /// <summary>What every access key that this product makes begins with. Such a key is never sent upstream, even if it is unknown.</summary>
    public const string Prefix = "fk-";

    private const string UpstreamPrefix = "sk-";

    /// <summary>
    /// True for a text in which a word begins as keys do, ours or OpenAI's, in any case: it may be a secret in the wrong place, and no message shows it.
    /// </summary>
    public static bool LooksLikeKey(ReadOnlySpan<char> text)
    {
        for (var at = 0; at <= text.Length - Prefix.Length; at++)
        {
            if ((at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1])) && BeginsAsKey(text[at..]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for a text that begins as keys do.</summary>
    public static bool BeginsAsKey(ReadOnlySpan<char> text)
        => text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || text.StartsWith(UpstreamPrefix, StringComparison.OrdinalIgnoreCase);
}
