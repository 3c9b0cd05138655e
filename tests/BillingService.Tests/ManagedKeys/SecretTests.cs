using System.IO.Compression;
using OpenAIProxy.BillingService.Keys;

namespace OpenAIProxy.BillingService.Tests.ManagedKeys;

/// <summary>The form of secrets: a scanner knows one by its checksum.</summary>
public sealed class SecretTests
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    [Fact]
    public void Secret_EndsInTheChecksumOfItsDigits()
    {
        var secret = NewSecret.Create();

        Assert.True(NewSecret.IsSecret(secret));
        Assert.Equal(ZipChecksum(secret[3..46]), secret[46..].Aggregate(0L, (sum, digit) => (sum * 62) + Digits.IndexOf(digit, StringComparison.Ordinal)));
        Assert.NotEqual(secret, NewSecret.Create());
    }

    [Fact]
    public void Secret_WithOneOtherCharacter_IsNone()
    {
        var secret = NewSecret.Create();

        for (var i = 0; i < secret.Length; i++)
        {
            Assert.False(NewSecret.IsSecret(secret[..i] + (secret[i] == '7' ? '8' : '7') + secret[(i + 1)..]));
        }
    }

    // gzip ends in the CRC-32 of what it holds, and its length.
    private static uint ZipChecksum(string text)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(System.Text.Encoding.ASCII.GetBytes(text));
        }

        return BitConverter.ToUInt32(packed.ToArray().AsSpan(^8..^4));
    }
}
