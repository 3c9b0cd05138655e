using System.Security.Cryptography;
using System.Text;
using OpenAIProxy.Contracts;
using OpenAIProxy.ServiceDefaults.Logs;

namespace OpenAIProxy.BillingService.Accounts;

/// <summary>
/// Knows gateways by <c>Internal:Token</c>. A wrong token is answered with an error and logged, at most once an hour: it means that one of the
/// two services has the wrong setting.
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
            LogWrong(logger, _token is null ? "is not set in this service" : "differs between the gateway and this service");
        }

        return false;
    }

    /// <summary>Whether a request comes from a gateway. Nothing is logged about a wrong token.</summary>
    public bool Knows(IHeaderDictionary headers) => headers[InternalHeaders.Token] is [{ Length: > 0 } shown] && IsToken(shown);

    // Digests have one length, and say nothing about where two tokens differ.
    private bool IsToken(string shown) => _token is not null && CryptographicOperations.FixedTimeEquals(Digest(shown), _token);

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    [LoggerMessage(3108, LogLevel.Error,
        "A gateway's usage and its callers' billing queries are refused: Internal:Token {Difference}. Set the same secret in both services.")]
    private static partial void LogWrong(ILogger logger, string difference);
}
