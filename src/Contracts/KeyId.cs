using System.Security.Cryptography;
using System.Text;

namespace OpenAIProxy.Contracts;

/// <summary>
/// Names a key without being it: what logs, ledgers and services say instead of the key. The first 96 bits of its SHA-256, as 24
/// lower-case hexadecimal digits after <c>key_</c>; the same key has the same id everywhere and always.
/// </summary>
/// <param name="Value">The id, <c>key_9f86d081884c7d659a2feaa0</c>.</param>
public readonly record struct KeyId(string Value)
{
    private const int Bytes = 12;

    /// <summary>The id of <paramref name="key"/>.</summary>
    public static KeyId Of(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        return new KeyId("key_" + Convert.ToHexStringLower(hash[..Bytes]));
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
