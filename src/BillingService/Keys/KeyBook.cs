using System.Collections.Frozen;

namespace OpenAIProxy.BillingService.Keys;

/// <summary>All managed keys as of one version.</summary>
/// <param name="version">The version: that of the last change, 0 if there was none.</param>
/// <param name="keys">The keys, in the order in which they were made.</param>
internal sealed class KeyBook(long version, IReadOnlyList<ManagedKey> keys)
{
    private readonly FrozenDictionary<string, ManagedKey> _byId = keys.ToFrozenDictionary(key => key.Record.Id, StringComparer.Ordinal);

    private readonly FrozenDictionary<string, ManagedKey> _bySecret = keys
        .SelectMany(key => key.Record.Secrets.Select(secret => (secret.Sha256, key)))
        .ToFrozenDictionary(pair => pair.Sha256, pair => pair.key, StringComparer.Ordinal);

    public long Version => version;

    public IReadOnlyList<ManagedKey> Keys => keys;

    /// <summary>The key with this id; null if there is none.</summary>
    public ManagedKey? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The key with this secret, which may be one whose time is over; null if there is none.</summary>
    /// <param name="sha256">The secret's SHA-256, in lower-case hexadecimal digits.</param>
    public ManagedKey? FindBySecret(string sha256) => _bySecret.GetValueOrDefault(sha256);
}
