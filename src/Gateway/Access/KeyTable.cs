using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;

namespace OpenAIProxy.Gateway.Access;

/// <summary>
/// Finds access keys by the hash of what a caller shows, however many there are. What a caller could learn from how long it takes is a hash, from
/// which no key can be made.
/// </summary>
internal sealed class KeyTable
{
    private static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];

    private readonly FrozenDictionary<ulong, KeyEntry[]> _entries;

    /// <param name="keys">The keys, those in force first.</param>
    /// <param name="inForce">How many are in force; the others were, and are known not to be callers' own.</param>
    public KeyTable(IReadOnlyList<AccessKey> keys, int inForce)
    {
        var entries = new List<KeyEntry>();
        for (var i = 0; i < keys.Count; i++)
        {
            var rules = i < inForce ? new KeyRules(keys[i].Record) : null;
            entries.AddRange(keys[i].Record.Secrets.Select(s => new KeyEntry(Convert.FromHexString(s.Sha256), rules, s.NotAfter)));
        }

        _entries = entries.GroupBy(e => Start(e.Hash)).ToFrozenDictionary(g => g.Key, g => g.ToArray());
    }

    /// <summary>The entry of the key with this SHA-256; null if there is none.</summary>
    public KeyEntry? Find(ReadOnlySpan<byte> hash)
    {
        if (!_entries.TryGetValue(Start(hash), out var entries))
        {
            CryptographicOperations.FixedTimeEquals(hash, NoHash);
            return null;
        }

        foreach (var entry in entries)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, entry.Hash))
            {
                return entry;
            }
        }

        return null;
    }

    private static ulong Start(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt64LittleEndian(hash);
}
