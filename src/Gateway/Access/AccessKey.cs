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

    /// <summary>Reads <c>fk-…</c> or <c>ann:fk-…</c>; null if it is neither.</summary>
    internal static AccessKey? Read(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (name, key) = colon < 0 ? ("", text) : (text[..colon], text[(colon + 1)..]);
        return key.Length is > 0 and <= LongestKey && VisibleAscii.IsAll(key) && (colon < 0 || KeyLabel.IsName(name))
            ? new AccessKey(key, name)
            : null;
    }
}
