using System.Security.Cryptography;
using System.Text;

namespace OpenAIProxy.BillingService.Caching;

/// <summary>
/// Derives from a secret and a question the name of its result and the key that seals it. Neither can be traced back to the credential,
/// and whoever reads the secret and the cache still can't open a result without the credential it belongs to.
/// </summary>
internal static class CacheNames
{
    /// <summary>The name: 43 characters of base64url.</summary>
    public static string Name(ReadOnlySpan<byte> secret, string baseUrl, Question question)
        => System.Buffers.Text.Base64Url.EncodeToString(Derive(secret, "name", baseUrl, question));

    /// <summary>The key that seals the result: 256 bits.</summary>
    public static byte[] SealingKey(ReadOnlySpan<byte> secret, string baseUrl, Question question) => Derive(secret, "seal", baseUrl, question);

    private static byte[] Derive(ReadOnlySpan<byte> secret, string purpose, string baseUrl, Question question)
    {
        var (credential, topic, range) = question;
        // Header values and addresses hold no line feed: two questions never make the same text.
        var text = string.Join('\n', purpose, baseUrl, topic, range, credential.Organization, credential.Project, credential.Token);
        return HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text));
    }
}
