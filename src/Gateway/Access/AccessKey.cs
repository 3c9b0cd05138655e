using System.Security.Cryptography;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Access;

/// <summary>A key that the operator gives away.</summary>
/// <param name="Key">The secret: never logged, never in a message. Null if only its hash is known.</param>
/// <param name="Record">Its rules.</param>
public sealed record AccessKey(string? Key, AccessKeyRecord Record)
{
    /// <summary>Bytes. The longest key.</summary>
    public const int LongestKey = 512;

    /// <summary>Whose it is, for the usage page and reports; empty if it has no name.</summary>
    public string Name => Record.Name;

    /// <summary>Whose usage it is.</summary>
    public string Id => Record.Id;

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
        if (!IsSecret(key))
        {
            return null;
        }

        return colon < 0 || (AccessKeyFields.IsName(name) && key.StartsWith(AccessKeys.Prefix, StringComparison.Ordinal)) ? Of(key, name) : null;
    }

    /// <summary>A key without rules.</summary>
    internal static AccessKey Of(string key, string name)
    {
        var secret = SecretOf(key);
        return new AccessKey(key, new AccessKeyRecord { Id = IdOf(secret), Name = name, Secrets = [secret] });
    }

    /// <summary>True for what may be a key.</summary>
    internal static bool IsSecret(string key) => key.Length is > 0 and <= LongestKey && VisibleAscii.IsAll(key);

    /// <summary>What is kept of a key.</summary>
    internal static KeySecret SecretOf(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        KeyId.Hash(key, hash);
        return new KeySecret(Convert.ToHexStringLower(hash), KeyLabel.EndingOf(key).ToString());
    }

    /// <summary>The id of a key with this first secret.</summary>
    internal static string IdOf(KeySecret first) => KeyId.OfSha256(Convert.FromHexString(first.Sha256)).Value;
}
