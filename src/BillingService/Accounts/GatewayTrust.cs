using System.Security.Cryptography;
using System.Text;
using OpenAIProxy.Contracts;
using OpenAIProxy.ServiceDefaults.Logs;

namespace OpenAIProxy.BillingService.Accounts;

/// <summary>
/// Knows gateways by <c>Internal:Token</c>. One that shows another token is told so, and the log is, once an hour at most: it is no stranger,
/// but set up wrongly, here or there.
/// </summary>
internal sealed partial class GatewayTrust(AccountSettings settings, TimeProvider time, ILogger<GatewayTrust> logger)
{
    private readonly byte[]? _token = settings.InternalToken is { } token ? Digest(token) : null;
    private readonly OncePerPeriod _log = new(time, TimeSpan.FromHours(1));

    public bool HasToken => _token is not null;

    /// <summary>Whether a request comes from a gateway; <paramref name="isWrong"/> if it shows a token that is not the one of here.</summary>
    public bool Trusts(IHeaderDictionary headers, out bool isWrong)
    {
        isWrong = false;
        if (headers[InternalHeaders.Token] is not [{ Length: > 0 } shown])
        {
            return false;
        }

        if (IsToken(shown))
        {
            return true;
        }

        isWrong = true;
        if (_log.TryPass(out _))
        {
            LogWrong(logger, _token is null ? "is not set here" : "is not the same here and there");
        }

        return false;
    }

    /// <summary>Whether a request comes from a gateway. Nothing is logged about a wrong token.</summary>
    public bool Knows(IHeaderDictionary headers) => headers[InternalHeaders.Token] is [{ Length: > 0 } shown] && IsToken(shown);

    // Digests have one length, and say nothing about where two tokens differ.
    private bool IsToken(string shown) => _token is not null && CryptographicOperations.FixedTimeEquals(Digest(shown), _token);

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    [LoggerMessage(3108, LogLevel.Error,
        "A gateway is refused, its usage and what its callers ask: Internal:Token {Difference}. Set the same secret at both.")]
    private static partial void LogWrong(ILogger logger, string difference);
}
