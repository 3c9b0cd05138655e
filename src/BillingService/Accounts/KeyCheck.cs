using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Accounts;

/// <summary>Decides whose usage a key opens that somebody signs in with.</summary>
internal sealed class KeyCheck(UsageLedger ledger, Callers callers)
{
    private const int LongestKey = 4096;

    /// <summary>True if the gateway that sent a request with these <paramref name="headers"/> takes no keys but its own.</summary>
    public static bool IsAdminOnly(IHeaderDictionary headers) => headers[InternalHeaders.AdminOnly] is ["true"];

    /// <summary>Whose usage who signs in with <paramref name="key"/> may see; null if the key opens nothing.</summary>
    public async Task<Caller?> CheckAsync(IHeaderDictionary headers, string key, CancellationToken cancellationToken)
    {
        if (key.Length is 0 or > LongestKey)
        {
            return null;
        }

        if (callers.IsAdmin(key))
        {
            return Caller.Admin;
        }

        if (IsAdminOnly(headers) && !key.StartsWith(AccessKeys.Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var id = KeyId.Of(key).Value;
        return await ledger.KnowsKeyAsync(id, cancellationToken) ? new Caller(id) : null;
    }
}
