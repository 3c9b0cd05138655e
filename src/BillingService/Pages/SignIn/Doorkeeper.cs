using System.Security.Cryptography;
using System.Text;
using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Pages.SignIn;

/// <summary>Decides whose usage a key opens.</summary>
internal sealed class Doorkeeper(IUsageLedger ledger, BillingSettings settings)
{
    private const string AccessKeyPrefix = "fk-";
    private const int LongestKey = 4096;

    /// <summary>True if the gateway that sent <paramref name="request"/> takes no callers' keys but its own.</summary>
    public bool IsAdminOnly(HttpRequest request)
        => settings.InternalToken is { } token && IsSame(request.Headers[InternalHeaders.Token].ToString(), token)
            && request.Headers[InternalHeaders.AdminOnly].ToString() == "true";

    /// <summary>Who comes with <paramref name="key"/>; null if it opens nothing.</summary>
    public async Task<Viewer?> AdmitAsync(HttpRequest request, string key, CancellationToken cancellationToken)
    {
        if (key.Length is 0 or > LongestKey)
        {
            return null;
        }

        if (settings.AdminToken is { } admin && IsSame(key, admin))
        {
            return Viewer.Admin;
        }

        if (IsAdminOnly(request) && !key.StartsWith(AccessKeyPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        var id = KeyId.Of(key).Value;
        return await ledger.KnowsKeyAsync(id, cancellationToken) ? new Viewer(id) : null;
    }

    // Hashes have one length: the time says nothing about the secret's.
    private static bool IsSame(string given, string secret)
        => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
