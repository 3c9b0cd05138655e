using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OpenAIProxy.BillingService.Accounts;

namespace OpenAIProxy.BillingService.SignIn;

/// <summary>
/// Seals what a browser keeps for us, so that nobody can read, change or make it. The key comes from <c>Internal:Token</c>, which all
/// replicas share and a restart keeps; no key lies on a disk. Without that setting it is random, and a restart signs everybody out.
/// What is sealed for one purpose can't be opened for another.
/// </summary>
internal sealed class Seal : IDisposable
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;

    private readonly byte[] _secret;
    private readonly AesGcm _aes;

    /// <summary>That of the page's cookies.</summary>
    public Seal(AccountSettings settings)
        : this(settings.InternalToken is { } token ? Encoding.UTF8.GetBytes(token) : RandomNumberGenerator.GetBytes(KeyBytes), "usage page cookie 1")
    {
    }

    private Seal(byte[] secret, string purpose)
    {
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, KeyBytes, info: Encoding.UTF8.GetBytes($"openaiproxy {purpose}"));
        _secret = secret;
        _aes = new AesGcm(key, TagBytes);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>The seal of another purpose.</summary>
    public Seal For(string purpose) => new(_secret, purpose);

    /// <summary>Seals <paramref name="text"/>. The result can stand in a cookie.</summary>
    public string Close(string text) => Base64Url.EncodeToString(Close(Encoding.UTF8.GetBytes(text)));

    /// <summary>Seals bytes.</summary>
    public byte[] Close(ReadOnlySpan<byte> plain)
    {
        var closed = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = closed.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        lock (_aes)
        {
            _aes.Encrypt(nonce, plain, closed.AsSpan(NonceBytes, plain.Length), closed.AsSpan(NonceBytes + plain.Length));
        }

        return closed;
    }

    /// <summary>The text that was sealed; null if it is not our seal, or broken.</summary>
    public string? Open(string text)
    {
        try
        {
            return Open(Base64Url.DecodeFromChars(text)) is { } plain ? Encoding.UTF8.GetString(plain) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The bytes that were sealed; null if it is not our seal, or broken.</summary>
    public byte[]? Open(ReadOnlySpan<byte> closed)
    {
        var length = closed.Length - NonceBytes - TagBytes;
        if (length <= 0)
        {
            return null;
        }

        var plain = new byte[length];
        try
        {
            lock (_aes)
            {
                _aes.Decrypt(closed[..NonceBytes], closed.Slice(NonceBytes, length), closed[(NonceBytes + length)..], plain);
            }

            return plain;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Dispose() => _aes.Dispose();
}
