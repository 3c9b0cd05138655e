using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OpenAIProxy.BillingService.Accounts;

namespace OpenAIProxy.BillingService.Pages.SignIn;

/// <summary>
/// Seals what a browser keeps for us, so that nobody can read, change or make it. The key comes from <c>Internal:Token</c>, which all
/// replicas share and a restart keeps; no key lies on a disk. Without that setting it is random, and a restart signs everybody out.
/// </summary>
internal sealed class Seal : IDisposable
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;

    private readonly AesGcm _aes;

    public Seal(AccountSettings settings)
    {
        var key = settings.InternalToken is { } secret
            ? HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), KeyBytes, info: "openaiproxy usage page cookie 1"u8.ToArray())
            : RandomNumberGenerator.GetBytes(KeyBytes);
        _aes = new AesGcm(key, TagBytes);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Seals <paramref name="text"/>. The result can stand in a cookie.</summary>
    public string Close(string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var closed = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = closed.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        lock (_aes)
        {
            _aes.Encrypt(nonce, plain, closed.AsSpan(NonceBytes, plain.Length), closed.AsSpan(NonceBytes + plain.Length));
        }

        return Base64Url.EncodeToString(closed);
    }

    /// <summary>The text that was sealed; null if it is not our seal, or broken.</summary>
    public string? Open(string text)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(text);
            var length = bytes.Length - NonceBytes - TagBytes;
            if (length <= 0)
            {
                return null;
            }

            var plain = new byte[length];
            lock (_aes)
            {
                _aes.Decrypt(bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes, length), bytes.AsSpan(NonceBytes + length), plain);
            }

            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }
    }

    public void Dispose() => _aes.Dispose();
}
