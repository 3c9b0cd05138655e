using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Caching;

/// <summary>
/// A result as it lies in Redis: AES-256-GCM under a key that needs the caller's credential, bound to its name. Anything else under that
/// name (cut, altered, moved from another name, of another version) does not open.
/// Layout: version (1) | nonce (12) | tag (16) | sealed: received, expires (8 each, unix ms) | status (2) | type's length (1) | type | body.
/// </summary>
internal static class SealedAnswer
{
    private const byte Version = 1;
    private const int Nonce = 12;
    private const int Tag = 16;
    private const int Head = 1 + Nonce + Tag;
    private const int FixedFields = 8 + 8 + 2 + 1;

    public static byte[] Close(Answer answer, DateTimeOffset expires, string name, byte[] key)
    {
        var type = Encoding.UTF8.GetBytes(answer.ContentType is { Length: <= 100 } contentType ? contentType : "");
        var plain = new byte[FixedFields + type.Length + answer.Body.Length];
        BinaryPrimitives.WriteInt64BigEndian(plain, answer.Received.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64BigEndian(plain.AsSpan(8), expires.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteUInt16BigEndian(plain.AsSpan(16), (ushort)answer.Status);
        plain[18] = (byte)type.Length;
        type.CopyTo(plain, FixedFields);
        answer.Body.CopyTo(plain.AsMemory(FixedFields + type.Length));

        var value = new byte[Head + plain.Length];
        value[0] = Version;
        RandomNumberGenerator.Fill(value.AsSpan(1, Nonce));
        using var aes = new AesGcm(key, Tag);
        aes.Encrypt(value.AsSpan(1, Nonce), plain, value.AsSpan(Head), value.AsSpan(1 + Nonce, Tag), Encoding.UTF8.GetBytes(name));
        return value;
    }

    /// <summary>The result and when it expires; null if <paramref name="value"/> is not one that belongs here.</summary>
    public static (Answer Answer, DateTimeOffset Expires)? Open(byte[] value, string name, byte[] key)
    {
        if (value.Length < Head + FixedFields || value[0] != Version)
        {
            return null;
        }

        var plain = new byte[value.Length - Head];
        using var aes = new AesGcm(key, Tag);
        try
        {
            aes.Decrypt(value.AsSpan(1, Nonce), value.AsSpan(Head), value.AsSpan(1 + Nonce, Tag), plain, Encoding.UTF8.GetBytes(name));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        var bodyAt = FixedFields + plain[18];
        var received = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(plain));
        var expires = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(plain.AsSpan(8)));
        var status = BinaryPrimitives.ReadUInt16BigEndian(plain.AsSpan(16));
        var type = plain[18] == 0 ? null : Encoding.UTF8.GetString(plain, FixedFields, plain[18]);
        if (status == StatusCodes.Status200OK)
        {
            // What succeeded is always answered as JSON. Builds before the first release kept upstream's type, which may be another or none.
            type = "application/json";
        }

        return (new Answer(plain.AsMemory(bodyAt), received) { Status = status, ContentType = type }, expires);
    }
}
