using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Queries;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Pages.SignIn;

/// <summary>Decides whose usage a key opens.</summary>
internal sealed class Doorkeeper(UsageLedger ledger, Askers askers)
{
    private const int LongestKey = 4096;

    /// <summary>True if the gateway that sent <paramref name="request"/> takes no keys but its own.</summary>
    public static bool IsAdminOnly(HttpRequest request) => request.Headers[InternalHeaders.AdminOnly] is ["true"];

    /// <summary>Who comes with <paramref name="key"/>; null if it opens nothing.</summary>
    public async Task<Viewer?> AdmitAsync(HttpRequest request, string key, CancellationToken cancellationToken)
    {
        if (key.Length is 0 or > LongestKey)
        {
            return null;
        }

        if (askers.IsAdmin(key))
        {
            return Viewer.Admin;
        }

        if (IsAdminOnly(request) && !key.StartsWith(AccessKeys.Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var id = KeyId.Of(key).Value;
        return await ledger.KnowsKeyAsync(id, cancellationToken) ? new Viewer(id) : null;
    }
}
