using OpenAIProxy.Contracts;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Access;

/// <summary>A key that the operator gives away.</summary>
/// <param name="Key">The secret: never logged, never in a message.</param>
/// <param name="Name">Whose it is, for the usage page and reports; empty if it has no name.</param>
public sealed record AccessKey(string Key, string Name)
{
    /// <summary>Bytes. The longest key.</summary>
    public const int LongestKey = 512;

    /// <summary>Without the key: this text may end up in a log.</summary>
    public override string ToString() => Name;

    /// <summary>
    /// Reads <c>fk-…</c> or <c>ann:fk-…</c>; null if it is neither. With a name before it, a key begins with <see cref="AccessKeys.Prefix"/>, and a
    /// name never begins as a key does: swapped, the key would be shown everywhere as a name, and the name would open the gateway.
    /// </summary>
    internal static AccessKey? Read(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? "" : text[..colon];
        var key = text[(colon + 1)..];
        if (key.Length is 0 or > LongestKey || !VisibleAscii.IsAll(key))
        {
            return null;
        }

        return colon < 0 || (KeyLabel.IsName(name) && !LooksLikeKey(name) && key.StartsWith(AccessKeys.Prefix, StringComparison.Ordinal))
            ? new AccessKey(key, name)
            : null;
    }

    private static bool LooksLikeKey(string name)
        => name.StartsWith(AccessKeys.Prefix, StringComparison.OrdinalIgnoreCase) || name.StartsWith("sk-", StringComparison.OrdinalIgnoreCase);
}
