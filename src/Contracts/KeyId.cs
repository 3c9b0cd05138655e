using System.Buffers;
using System.Diagnostics.CodeAnalysis;
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
    private const int LongestOnStack = 1024;
    private const string Prefix = "key_";
    private const int IdLength = 4 + (2 * Bytes);

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>True if <paramref name="text"/> has the form of an id; whether there is such a key it doesn't say.</summary>
    public static bool IsId([NotNullWhen(true)] string? text)
        => text is { Length: IdLength } && text.StartsWith(Prefix, StringComparison.Ordinal) && !text.AsSpan(Prefix.Length).ContainsAnyExcept(Hexadecimal);

    /// <summary>The id of <paramref name="key"/>.</summary>
    public static KeyId Of(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return Of(key.AsSpan());
    }

    /// <inheritdoc cref="Of(string)"/>
    public static KeyId Of(ReadOnlySpan<char> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(key, hash);
        return OfSha256(hash);
    }

    /// <summary>The SHA-256 of the key's UTF-8 bytes.</summary>
    public static void Hash(ReadOnlySpan<char> key, Span<byte> hash)
    {
        var length = Encoding.UTF8.GetMaxByteCount(key.Length);
        var bytes = length <= LongestOnStack ? stackalloc byte[length] : new byte[length];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(key, bytes)], hash);
    }

    /// <summary>The id of the key whose UTF-8 bytes have this SHA-256.</summary>
    public static KeyId OfSha256(ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, SHA256.HashSizeInBytes);
        Span<char> text = stackalloc char[Prefix.Length + (2 * Bytes)];
        Prefix.CopyTo(text);
        Convert.TryToHexStringLower(hash[..Bytes], text[Prefix.Length..], out _);
        return new KeyId(text.ToString());
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
