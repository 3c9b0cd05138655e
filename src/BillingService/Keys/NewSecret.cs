using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Keys;

/// <summary>
/// Makes secrets: <c>fk-</c>, 256 random bits in 43 digits of base 62, and the CRC-32 of these digits in 6 more. By the checksum a scanner
/// tells a leaked key from a text that looks like one, without asking anybody:
/// https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/.
/// </summary>
internal static class NewSecret
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int RandomBytes = 32;
    private const int RandomDigits = 43;
    private const int ChecksumDigits = 6;

    // CRC-32 of ISO-HDLC, as in ZIP and PNG; bits in reverse.
    private const uint Polynomial = 0xEDB88320;

    /// <summary>A secret that nobody has seen.</summary>
    public static string Create()
    {
        var random = Text(new BigInteger(RandomNumberGenerator.GetBytes(RandomBytes), isUnsigned: true), RandomDigits);
        return AccessKeys.Prefix + random + Text(Checksum(random), ChecksumDigits);
    }

    /// <summary>True for a text that has the form of a secret and the right checksum.</summary>
    public static bool IsSecret(string text)
    {
        if (!text.StartsWith(AccessKeys.Prefix, StringComparison.Ordinal) || text.Length != AccessKeys.Prefix.Length + RandomDigits + ChecksumDigits)
        {
            return false;
        }

        var random = text.Substring(AccessKeys.Prefix.Length, RandomDigits);
        return random.All(char.IsAsciiLetterOrDigit) && text.EndsWith(Text(Checksum(random), ChecksumDigits), StringComparison.Ordinal);
    }

    /// <summary>What is kept of a secret.</summary>
    public static KeySecret Keep(string secret) => new(Hash(secret), KeyLabel.EndingOf(secret).ToString());

    /// <summary>The SHA-256 of a secret, in lower-case hexadecimal digits.</summary>
    public static string Hash(string secret)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        KeyId.Hash(secret, hash);
        return Convert.ToHexStringLower(hash);
    }

    private static string Text(BigInteger number, int length)
    {
        var text = new char[length];
        for (var i = length - 1; i >= 0; i--)
        {
            number = BigInteger.DivRem(number, Digits.Length, out var digit);
            text[i] = Digits[(int)digit];
        }

        return new string(text);
    }

    private static uint Checksum(string text)
    {
        var checksum = uint.MaxValue;
        foreach (var octet in Encoding.ASCII.GetBytes(text))
        {
            checksum ^= octet;
            for (var bit = 0; bit < 8; bit++)
            {
                checksum = (checksum >> 1) ^ ((checksum & 1) * Polynomial);
            }
        }

        return ~checksum;
    }
}
