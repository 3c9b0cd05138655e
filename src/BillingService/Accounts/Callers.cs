using System.Security.Cryptography;
using System.Text;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Accounts;

/// <summary>Finds out who asks: a gateway's caller as the gateway says, the admin by the admin token, anybody else by the key.</summary>
internal sealed class Callers(AccountSettings settings, GatewayTrust trust)
{
    /// <summary>The code of the error that says that a key is not taken.</summary>
    public const string InvalidKey = "invalid_api_key";

    private const int LongestMark = 64;

    /// <summary>Who sent a request with these <paramref name="headers"/>.</summary>
    /// <exception cref="BillingException">401 if there is no credential that is taken; 400 if a header can't be sent on.</exception>
    public Caller Identify(IHeaderDictionary headers)
    {
        if (IsVouchedFor(headers))
        {
            var id = headers[InternalHeaders.KeyId].ToString();
            // With the operator's key beside the id, upstream may be asked for the operator; without it, only the ledger, and for this id.
            return new Caller(id, headers.Authorization.Count == 0 ? null : Credential.Read(headers));
        }

        var credential = Credential.Read(headers);
        if (IsAdmin(credential.Token))
        {
            return Caller.Admin;
        }

        return !KeyCheck.IsAdminOnly(headers) ? new Caller(KeyId.Of(credential.Token).Value, credential)
            : throw new BillingException(StatusCodes.Status401Unauthorized, InvalidKey,
                "This gateway accepts only its own access keys, no OpenAI keys of callers (Access:AllowCallerKeys is false). Ask its operator for an access key.");
    }

    /// <summary>True if a gateway says whom it knows the sender to be.</summary>
    public bool IsVouchedFor(IHeaderDictionary headers) => headers[InternalHeaders.KeyId] is [{ Length: > 0 }] && trust.Knows(headers);

    /// <summary>The mark of the client who sent a request with these <paramref name="headers"/>; empty if no gateway tells it.</summary>
    public string ClientOf(IHeaderDictionary headers)
        => headers[InternalHeaders.Client] is [{ Length: <= LongestMark } mark] && trust.Knows(headers) ? mark : "";

    // Hashes have one length: how long the comparison takes tells nothing, not even how long the secret is.
    public bool IsAdmin(string token)
        => settings.AdminToken is { } secret
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
