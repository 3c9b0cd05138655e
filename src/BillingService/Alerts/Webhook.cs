using System.Security.Cryptography;
using System.Text;

namespace OpenAIProxy.BillingService.Alerts;

/// <summary>Where alerts are sent.</summary>
/// <param name="Url">The address. Most hold a token: never logged.</param>
/// <param name="Kind">Its form.</param>
/// <param name="Secret">What messages are signed with; empty for no signature.</param>
public sealed record Webhook(Uri Url, WebhookKind Kind, string Secret)
{
    private const int BytesOfId = 8;

    /// <summary>Tells it from others without showing its address.</summary>
    public string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Url.AbsoluteUri)).AsSpan(0, BytesOfId));

    /// <summary>Without address and secret: this text may end up in a log.</summary>
    public override string ToString() => $"{Kind} at {Url.Host}";
}
