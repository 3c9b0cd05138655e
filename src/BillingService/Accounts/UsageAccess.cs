using System.Security.Cryptography;
using System.Text;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Accounts;

/// <summary>
/// Decides who may see whose usage. A gateway's caller is who the gateway says; who shows the admin token is the admin; anybody else is who has
/// the key. Everybody sees the usage of their own key, and the admin that of all.
/// </summary>
internal sealed class UsageAccess(
    AccountSettings settings, GatewayTrust trust, UsageLedger ledger, IManagedKeys managed, IConfiguredKeys configured, ITokenIssuer? issuer = null)
{
    /// <summary>The code of the error that says that a key is not taken.</summary>
    public const string InvalidKey = "invalid_api_key";

    private const int LongestMark = 64;
    private const int LongestKey = 4096;

    /// <summary>True if the gateway that sent a request with these <paramref name="headers"/> takes no keys but its own.</summary>
    public static bool RefusesCallerKeys(IHeaderDictionary headers) => headers[InternalHeaders.AdminOnly] is ["true"];

    /// <summary>
    /// The id of the key whose usage <paramref name="viewer"/> sees, having chosen <paramref name="chosen"/>; null for the usage of all keys, of an
    /// owner's all own. Only the admin has a free choice, and an owner one among their own keys: everybody else sees their own key.
    /// </summary>
    public static string? KeyFor(Caller viewer, string? chosen)
    {
        if (viewer.Owned is { } owned)
        {
            return owned.FirstOrDefault(key => key == chosen);
        }

        return viewer.Key ?? (chosen == UsageDimensions.Anonymous || KeyId.IsId(chosen) ? chosen : null);
    }

    /// <summary>Who sent a request with these <paramref name="headers"/>.</summary>
    /// <exception cref="BillingException">401 if there is no credential that is taken; 400 if a header can't be sent on.</exception>
    public Caller Identify(IHeaderDictionary headers)
    {
        if (IsVouchedFor(headers))
        {
            var id = headers[InternalHeaders.KeyId].ToString();
            // With the operator's key beside the id, upstream may be asked for the operator; without it, only the ledger, and for this id.
            return new Caller(id, headers.Authorization.Count == 0 ? null : Credential.Read(headers))
            {
                Budgets = BudgetStatus.Read(headers[InternalHeaders.Budgets]),
                Limits = headers[InternalHeaders.Limits].ToString() is { Length: > 0 } limits ? limits : null,
            };
        }

        var credential = Credential.Read(headers);
        if (IsAdmin(credential.Token))
        {
            return Caller.Admin;
        }

        if (issuer?.IsNamedIn(credential.Token) == true)
        {
            // As a caller's own key it would go upstream.
            throw new BillingException(StatusCodes.Status401Unauthorized, InvalidKey,
                "This is a token of the identity provider (Oidc:Authority). Billing is answered for keys and the admin token; /admin/keys takes such tokens.");
        }

        return !RefusesCallerKeys(headers) ? new Caller(KeyId.Of(credential.Token).Value, credential)
            : throw new BillingException(StatusCodes.Status401Unauthorized, InvalidKey,
                "This gateway accepts only its own access keys, no OpenAI keys of callers (Access:AllowCallerKeys is false). Ask its operator for an access key.");
    }

    /// <summary>
    /// Who signs in at the page with <paramref name="key"/>: an access key, another key that was used here, or the admin token; null if it is none of them.
    /// </summary>
    public async Task<Caller?> SignInAsync(IHeaderDictionary headers, string key, CancellationToken cancellationToken)
    {
        if (key.Length is 0 or > LongestKey)
        {
            return null;
        }

        if (IsAdmin(key))
        {
            return Caller.Admin;
        }

        if (RefusesCallerKeys(headers) && !key.StartsWith(AccessKeys.Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        if (await managed.FindAsync(key, cancellationToken) is { IsManaged: true } found)
        {
            return found.Id is null ? null : new Caller(found.Id);
        }

        var id = KeyId.Of(key).Value;
        return await ledger.KnowsKeyAsync(id, cancellationToken) || await configured.HasAsync(id, cancellationToken) ? new Caller(id) : null;
    }

    /// <summary>True for the admin token.</summary>
    // Hashes have one length: how long the comparison takes tells nothing, not even how long the secret is.
    public bool IsAdmin(string token)
        => settings.AdminToken is { } secret
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>True if a gateway says whom it knows the sender to be.</summary>
    public bool IsVouchedFor(IHeaderDictionary headers) => headers[InternalHeaders.KeyId] is [{ Length: > 0 }] && trust.Knows(headers);

    /// <summary>The mark of the client who sent a request with these <paramref name="headers"/>; empty if no gateway tells it.</summary>
    public string ClientOf(IHeaderDictionary headers)
        => headers[InternalHeaders.Client] is [{ Length: <= LongestMark } mark] && trust.Knows(headers) ? mark : "";
}
